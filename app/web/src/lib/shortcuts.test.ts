import { beforeEach, describe, expect, it, vi } from 'vitest'
import { chordOf, createDispatcher, keyCaps, type Shortcut } from './shortcuts'

const press = (key: string, more: KeyboardEventInit = {}) => new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more })

describe('shortcuts', () => {
  const run = { j: vi.fn(), gl: vi.fn(), palette: vi.fn(), down: vi.fn(), refuse: vi.fn(() => false as const) }
  const shortcuts: Shortcut[] = [
    { id: 'j', scope: 'list', keys: ['j'], run: run.j },
    { id: 'gl', scope: 'anywhere', keys: ['g l'], run: run.gl },
    { id: 'palette', scope: 'anywhere', keys: ['mod+k'], whileTyping: true, run: run.palette },
    { id: 'down', scope: 'list', keys: ['ArrowDown'], run: run.down },
    { id: 'refuse', scope: 'list', keys: ['Escape'], run: run.refuse },
  ]
  let singleKeys = true
  let dispatch: (event: KeyboardEvent) => void
  function send(event: KeyboardEvent, target: Element = document.body) {
    target.addEventListener('keydown', (sent) => dispatch(sent as KeyboardEvent), { once: true })
    target.dispatchEvent(event)
    return event
  }

  beforeEach(() => {
    singleKeys = true
    document.body.replaceChildren()
    dispatch = createDispatcher(() => ({ singleKeys }), shortcuts)
    vi.clearAllMocks()
  })

  it('writes key presses as chords', () => {
    expect(chordOf(press('K', { ctrlKey: true, shiftKey: true }))).toBe('mod+shift+k')
    expect(chordOf(press('?', { shiftKey: true }))).toBe('?')
    expect(chordOf(press('ArrowDown', { shiftKey: true }))).toBe('shift+ArrowDown')
    expect(chordOf(press(' '))).toBe('Space')
  })

  it('runs the shortcut and prevents the default action', () => {
    expect(send(press('j')).defaultPrevented).toBe(true)
    expect(run.j).toHaveBeenCalledOnce()
  })

  it('leaves the key to the browser when the shortcut returns false', () => {
    expect(send(press('Escape')).defaultPrevented).toBe(false)
    expect(run.refuse).toHaveBeenCalledOnce()
  })

  it('waits for the second key of a sequence', () => {
    send(press('g'))
    send(press('l'))
    expect(run.gl).toHaveBeenCalledOnce()
    send(press('l'))
    expect(run.gl).toHaveBeenCalledOnce()
  })

  it('ignores shortcuts while typing, except those marked whileTyping', () => {
    const input = document.body.appendChild(document.createElement('input'))
    send(press('j'), input)
    send(press('k', { ctrlKey: true }), input)
    expect(run.j).not.toHaveBeenCalled()
    expect(run.palette).toHaveBeenCalledOnce()
  })

  it('ignores shortcuts while a dialog is open', () => {
    const dialog = document.body.appendChild(document.createElement('div'))
    dialog.setAttribute('role', 'dialog')
    dialog.dataset.state = 'open'
    send(press('j'))
    expect(run.j).not.toHaveBeenCalled()
  })

  it('ignores single keys and their sequences when they are turned off', () => {
    singleKeys = false
    send(press('j'))
    send(press('g'))
    send(press('l'))
    send(press('ArrowDown'))
    expect(run.j).not.toHaveBeenCalled()
    expect(run.gl).not.toHaveBeenCalled()
    expect(run.down).toHaveBeenCalledOnce()
  })

  it('splits a chord into key caps', () => {
    expect(keyCaps('mod+k')).toEqual(['Control', 'K'])
    expect(keyCaps('g l')).toEqual(['G', 'L'])
    expect(keyCaps('+')).toEqual(['+'])
  })
})
