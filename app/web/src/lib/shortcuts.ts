import { onScopeDispose, shallowReactive } from 'vue'

/** Where a shortcut works; also its heading in the sheet. */
export type Scope = 'anywhere' | 'list' | 'document'

export interface Shortcut {
  id: string
  scope: Scope
  /** Alternatives, each a chord (`mod+k`, `shift+ArrowDown`) or a sequence (`g l`). */
  keys: readonly string[]
  /** Returning `false` leaves the key to the browser. */
  run: (event: KeyboardEvent) => boolean | void
  /** Also while typing in a field. */
  whileTyping?: boolean
}

const active = shallowReactive<Shortcut[]>([])

/** The shortcuts of what is on the screen; the sheet shows these. */
export const activeShortcuts: readonly Shortcut[] = active

/** Adds shortcuts for as long as the component lives. The last one added goes first. */
export function useShortcuts(shortcuts: Shortcut[]) {
  active.push(...shortcuts)
  onScopeDispose(() => {
    for (const shortcut of shortcuts) active.splice(active.indexOf(shortcut), 1)
  })
}

const MAC = /Mac|iPhone|iPad/.test(navigator.platform)

/** A key press as a chord. Shift is included only where it does not change the character. */
export function chordOf(event: KeyboardEvent): string {
  const named = event.key.length > 1
  const parts: string[] = []
  if (event.ctrlKey || event.metaKey) parts.push('mod')
  if (event.altKey) parts.push('alt')
  if (event.shiftKey && (named || (parts.length > 0 && /^\p{L}$/u.test(event.key)))) parts.push('shift')
  parts.push(event.key === ' ' ? 'Space' : named ? event.key : event.key.toLowerCase())
  return parts.join('+')
}

/** Single characters can be turned off: speech input and tremor press them unmeant (WCAG 2.1.4). */
const isSingle = (keys: string) => keys.split(' ').every((chord) => chord.length === 1)

const SEQUENCE_TIMEOUT = 900

/** Finds the shortcut for each key press. `settings` is asked every time. */
export function createDispatcher(settings: () => { singleKeys: boolean }, shortcuts: readonly Shortcut[] = active) {
  let prefix = ''
  let prefixAt = 0

  return (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return
    const target = event.target instanceof Element ? event.target : null
    const typing = Boolean(target?.closest('input:not([type=checkbox]):not([type=radio]),textarea,select,[contenteditable=true]'))
    const modal = Boolean(document.querySelector('[role=dialog][data-state=open],[role=alertdialog][data-state=open],[role=menu]'))
    const chord = chordOf(event)
    const sequence = prefix && event.timeStamp - prefixAt < SEQUENCE_TIMEOUT ? `${prefix} ${chord}` : chord
    const allowed = (shortcut: Shortcut) => (!typing && !modal) || shortcut.whileTyping === true
    const usable = (keys: string) => settings().singleKeys || !isSingle(keys)

    for (const wanted of sequence === chord ? [chord] : [sequence, chord]) {
      for (const shortcut of [...shortcuts].reverse()) {
        if (!allowed(shortcut) || !shortcut.keys.some((keys) => keys === wanted && usable(keys))) continue
        prefix = ''
        if (shortcut.run(event) === false) continue
        event.preventDefault()
        return
      }
    }
    const starts = shortcuts.some((each) => allowed(each) && each.keys.some((keys) => keys.startsWith(`${chord} `) && usable(keys)))
    prefix = starts ? chord : ''
    prefixAt = event.timeStamp
  }
}

const NAMES: Record<string, string> = {
  mod: MAC ? '⌘' : 'Control',
  shift: '⇧',
  alt: MAC ? '⌥' : 'Alt',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Enter: '↵',
  Backspace: '⌫',
}

/** The keys to print, one for each key cap; words such as `Control` are for the caller to translate. */
export const keyCaps = (keys: string): string[] =>
  keys.split(/[ +](?=.)/).map((key) => NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key))
