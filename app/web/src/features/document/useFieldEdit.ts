import { useQueryClient } from '@tanstack/vue-query'
import { nextTick, onScopeDispose, ref, shallowRef } from 'vue'
import { keys } from '@/api/keys'
import { updateCachedDocument } from '@/api/documentCache'
import { ApiProblem } from '@/api/problem'
import { fetchDocument, patchDocument } from '@/api/queries/documents'
import type { Document } from '@/api/types'
import { useErrorMessage } from '@/lib/useErrorMessage'
import { sessionState } from '@/session/session'
import { useDrafts } from '@/stores/drafts'

export type Field = 'title' | 'correspondent' | 'document_date'

/** Editing one field of a document in place. A concurrent change is shown as a conflict. */
export function useFieldEdit(document: () => Document, field: Field) {
  const client = useQueryClient()
  const errorMessage = useErrorMessage()
  const editing = ref(false)
  const saving = ref(false)
  const draft = ref('')
  const error = ref('')
  /** The document with the concurrent change. */
  const conflict = shallowRef<Document>()
  let started = { value: '', version: 0 }

  const valueOf = (of: Document) => of[field] ?? ''

  // The session may end while typing: the draft is restored after signing in again.
  const drafts = useDrafts()
  const key = `${document().id} ${field}`
  const kept = drafts.take<{ text: string; started: typeof started }>(key)
  if (kept) {
    started = kept.started
    draft.value = kept.text
    editing.value = true
  }
  onScopeDispose(() => {
    if (sessionState.value === 'signed-out' && editing.value) drafts.keep(key, { text: draft.value, started })
  })

  async function start(focus: () => HTMLInputElement | null) {
    started = { value: valueOf(document()), version: document().version }
    draft.value = started.value
    error.value = ''
    conflict.value = undefined
    editing.value = true
    await nextTick()
    focus()?.select()
  }
  function cancel() {
    editing.value = false
    conflict.value = undefined
  }

  async function save() {
    const wanted = draft.value.trim()
    if (wanted === started.value && !conflict.value) return cancel()
    saving.value = true
    error.value = ''
    try {
      await write(wanted)
      cancel()
    } catch (problem) {
      if (!(problem instanceof ApiProblem)) throw problem
      error.value = conflict.value ? '' : (problem.meta.errors?.[0]?.message ?? errorMessage(problem))
    } finally {
      saving.value = false
    }
  }

  /** Another field's change is no conflict: then it is written again on top of it. */
  async function write(wanted: string, again = true): Promise<void> {
    const patch = { [field]: wanted || (field === 'title' ? '' : null) }
    try {
      updateCachedDocument(client, await patchDocument(document().id, patch, started.version))
    } catch (problem) {
      if (!(problem instanceof ApiProblem) || problem.code !== 'version_mismatch') throw problem
      const fresh = await client.fetchQuery({ queryKey: keys.document(document().id), queryFn: () => fetchDocument(document().id), staleTime: 0 })
      updateCachedDocument(client, fresh)
      const untouched = valueOf(fresh) === started.value
      started = { value: valueOf(fresh), version: fresh.version }
      if (untouched && again) return write(wanted, false)
      conflict.value = fresh
      throw problem
    }
  }

  return { editing, saving, draft, error, conflict, valueOf, start, cancel, save }
}
