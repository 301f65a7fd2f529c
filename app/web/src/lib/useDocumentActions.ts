import { useQueryClient } from '@tanstack/vue-query'
import { useI18n } from 'vue-i18n'
import { keys } from '@/api/keys'
import { appliedTopics } from '@/api/documentFilter'
import { optimistic } from '@/api/optimistic'
import { cachedDocument, updateCachedDocument } from '@/api/documentCache'
import { addTopicByName, bulk, confirmTopic, rejectTopic, reprocessDocument } from '@/api/queries/documents'
import type { BulkResponse, Document, DocumentTopic, Topic } from '@/api/types'
import { useFailures } from '@/stores/failures'
import { usePendingRejections } from '@/stores/pendingRejections'
import { useSelection, type Selected } from '@/stores/selection'
import { toast } from './toast'
import { offerUndo } from './undo'
import { useErrorMessage } from './useErrorMessage'

const succeeded = (response: BulkResponse) => response.results.filter((item) => item.ok).map((item) => item.id)

/** Actions on documents: applied optimistically, confirmed by a message, with undo where possible. */
export function useDocumentActions() {
  const client = useQueryClient()
  const failures = useFailures()
  const rejections = usePendingRejections()
  const selection = useSelection()
  const errorMessage = useErrorMessage()
  const { t } = useI18n()

  const showError = (error: unknown) => void toast.error(errorMessage(error))

  function refresh() {
    void client.invalidateQueries({ queryKey: keys.lists })
    void client.invalidateQueries({ queryKey: keys.counts })
    void client.invalidateQueries({ queryKey: keys.topics })
  }

  function reportFailures(response: BulkResponse) {
    if (!response.failed) return
    failures.items = response.results.filter((item) => !item.ok)
  }

  /** Shows a message for what succeeded. */
  function showDone(key: string, response: BulkResponse, undo?: () => void) {
    reportFailures(response)
    const count = response.succeeded
    if (!count) return
    const message = t(key, { n: count }, count)
    if (undo) offerUndo(message, t('common.undo'), undo)
    else toast.message(message)
  }

  const idsOf = (selected: Selected) => ('ids' in selected ? selected.ids : [])

  async function trash(selected: Selected) {
    const ids = idsOf(selected)
    const now = new Date().toISOString()
    try {
      const response = await optimistic(
        client,
        ids,
        (document) => ({ ...document, trashed_at: now }),
        () => bulk('trash', selected),
      )
      selection.clear()
      showDone('done.trashed', response, () => void restore({ ids: succeeded(response) }, true))
      refresh()
    } catch (error) {
      showError(error)
    }
  }

  async function restore(selected: Selected, quiet = false) {
    try {
      const response = await optimistic(
        client,
        idsOf(selected),
        (document) => ({ ...document, trashed_at: null }),
        () => bulk('restore', selected),
      )
      selection.clear()
      if (quiet) reportFailures(response)
      else showDone('done.restored', response, () => void trash({ ids: succeeded(response) }))
      refresh()
    } catch (error) {
      showError(error)
    }
  }

  async function deleteForever(selected: Selected) {
    try {
      const response = await bulk('delete', selected)
      selection.clear()
      showDone('done.deleted', response)
      refresh()
    } catch (error) {
      showError(error)
    }
  }

  async function reprocess(selected: Selected) {
    try {
      const response = await bulk('reprocess', selected)
      showDone('done.reprocessed', response)
      refresh()
    } catch (error) {
      showError(error)
    }
  }

  async function reprocessOne(document: Document) {
    try {
      updateCachedDocument(client, await reprocessDocument(document.id))
    } catch (error) {
      showError(error)
    }
  }

  /** Files documents under a topic, or takes it from them; a name in place of a topic makes one. */
  async function setTopic(selected: Selected, topic: Topic | string, filed: boolean, quiet = false) {
    const ids = idsOf(selected)
    const name = typeof topic === 'string' ? topic : topic.name
    const changed = ids.filter((id) => {
      const known = cachedDocument(client, id)
      return known && appliedTopics(known).some((each) => each.name === name) !== filed
    })
    const action = filed ? 'add_topics' : 'remove_topics'
    const reference = typeof topic === 'string' ? topic : topic.id
    try {
      const response = await optimistic(
        client,
        changed,
        (document) => withTopic(document, topic, filed),
        () => bulk(action, selected, [reference]),
      )
      reportFailures(response)
      if (!quiet && response.succeeded) {
        const message = t(filed ? 'done.filed' : 'done.unfiled', { n: response.succeeded, topic: name }, response.succeeded)
        if (changed.length) {
          offerUndo(message, t('common.undo'), () => void setTopic({ ids: changed }, topic, !filed, true))
        } else toast.message(message)
      }
      refresh()
    } catch (error) {
      showError(error)
    }
  }

  /** Changes one document by a call that answers with it. */
  async function change(document: Document, shown: (document: Document) => Document, call: () => Promise<Document>) {
    try {
      updateCachedDocument(client, await optimistic(client, [document.id], shown, call))
      void client.invalidateQueries({ queryKey: keys.counts })
      void client.invalidateQueries({ queryKey: keys.topics })
      return true
    } catch (error) {
      showError(error)
      return false
    }
  }

  const confirm = (document: Document, topic: DocumentTopic | Topic) =>
    change(document, (known) => withTopic(known, topic, true), () => confirmTopic(document.id, topic.id))

  /** Files under a topic that may not exist yet. */
  const addTopic = (document: Document, topic: Topic | string) =>
    typeof topic === 'string'
      ? change(document, (known) => known, () => addTopicByName(document.id, topic))
      : confirm(document, topic)

  async function removeTopic(document: Document, topic: DocumentTopic) {
    const done = await change(document, (known) => withTopic(known, topic, false), () => rejectTopic(document.id, topic.id))
    if (done) {
      offerUndo(t('done.unfiled', { n: 1, topic: topic.name }, 1), t('common.undo'), () => void confirm(document, topic))
    }
  }

  function rejectSuggestion(document: Document, topic: DocumentTopic) {
    rejections.add(document.id, topic.id, () => {
      void change(document, (known) => withTopic(known, topic, false), () => rejectTopic(document.id, topic.id))
    })
    const settle = (how: 'commit' | 'undo') => rejections.settle(document.id, topic.id, how)
    offerUndo(t('done.rejected', { topic: topic.name }), t('common.undo'), () => settle('undo'), () => settle('commit'))
  }

  async function confirmAll(document: Document) {
    for (const topic of rejections.suggestions(document)) {
      if (!(await confirm(document, topic))) return
    }
  }

  return { trash, restore, deleteForever, reprocess, reprocessOne, setTopic, confirm, confirmAll, addTopic, removeTopic, rejectSuggestion }
}

/** The document as it will be once filed, or no longer, under a topic. */
function withTopic(document: Document, topic: DocumentTopic | Topic | string, filed: boolean): Document {
  if (typeof topic === 'string') return document
  const others = document.topics.filter((each) => each.id !== topic.id)
  if (!filed) return { ...document, topics: others }
  const { id, name, hue } = topic
  return { ...document, topics: [...others, { id, name, hue, state: 'applied', source: 'user', confidence: null, reason: null }] }
}
