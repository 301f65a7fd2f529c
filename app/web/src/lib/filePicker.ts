import { useUploads } from '@/stores/uploads'
import { isClutter } from './droppedFiles'

export type PickKind = 'files' | 'folder' | 'camera'

/** Lets the person choose what to upload. */
export function useFilePicker() {
  const uploads = useUploads()

  function pick(kind: PickKind) {
    const input = document.createElement('input')
    input.type = 'file'
    input.multiple = kind !== 'camera'
    input.webkitdirectory = kind === 'folder'
    if (kind === 'camera') {
      input.accept = 'image/*'
      input.capture = 'environment'
    }
    input.className = 'sr-only'
    input.tabIndex = -1
    input.setAttribute('aria-hidden', 'true')
    input.addEventListener('change', () => {
      const files = [...(input.files ?? [])].filter((file) => !isClutter(file.name))
      uploads.add(files.map((file) => ({ file, folder: file.webkitRelativePath.split('/').slice(0, -1).join('/') })))
      input.remove()
    })
    input.addEventListener('cancel', () => input.remove())
    // Some phones open the camera only for an input that is part of the page.
    document.body.append(input)
    input.click()
  }

  return { pick }
}
