import { useUploads } from '@/stores/uploads'
import { isSystemFile } from './droppedFiles'

export type PickKind = 'files' | 'folder' | 'camera'

let input: HTMLInputElement | undefined

/** One field for all, part of the page because some phones open the camera for no other. */
function field(): HTMLInputElement {
  if (input) return input
  input = document.createElement('input')
  input.type = 'file'
  input.className = 'sr-only'
  input.tabIndex = -1
  input.setAttribute('aria-hidden', 'true')
  document.body.append(input)
  return input
}

/** Lets the person choose what to upload. */
export function useFilePicker() {
  const uploads = useUploads()

  function pick(kind: PickKind) {
    const chooser = field()
    chooser.multiple = kind !== 'camera'
    chooser.webkitdirectory = kind === 'folder'
    chooser.accept = kind === 'camera' ? 'image/*' : ''
    if (kind === 'camera') chooser.setAttribute('capture', 'environment')
    else chooser.removeAttribute('capture')
    // The same file can be chosen again.
    chooser.value = ''
    chooser.onchange = () => {
      const files = [...(chooser.files ?? [])].filter((file) => !isSystemFile(file.name))
      uploads.add(files.map((file) => ({ file, folder: file.webkitRelativePath.split('/').slice(0, -1).join('/') })))
    }
    chooser.click()
  }

  return { pick }
}
