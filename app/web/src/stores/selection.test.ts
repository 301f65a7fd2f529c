import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { useSelection } from './selection'

const order = ['a', 'b', 'c', 'd', 'e']

describe('selection', () => {
  beforeEach(() => setActivePinia(createPinia()))

  it('toggles single documents', () => {
    const selection = useSelection()
    selection.toggle('a')
    selection.toggle('c')
    selection.toggle('a')
    expect(selection.selected).toEqual({ ids: ['c'] })
  })

  it('extends from the anchor in either direction, and keeps what was selected', () => {
    const selection = useSelection()
    selection.toggle('d')
    selection.extend(order, 'b')
    expect([...selection.ids].sort()).toEqual(['b', 'c', 'd'])
    selection.extend(order, 'e')
    expect(selection.count).toBe(4)
  })

  it('selects the document itself when a range has no anchor', () => {
    const selection = useSelection()
    selection.extend(order, 'b')
    selection.extend(order, 'd')
    expect([...selection.ids].sort()).toEqual(['b', 'c', 'd'])
  })

  it('keeps exceptions when a whole view is selected', () => {
    const selection = useSelection()
    selection.selectView({ topic: 't' }, 1000)
    expect(selection.count).toBe(1000)
    expect(selection.has('anything')).toBe(true)
    selection.toggle('b')
    expect(selection.has('b')).toBe(false)
    expect(selection.count).toBe(999)
    expect(selection.selected).toEqual({ filter: { topic: 't' }, except: ['b'] })
    selection.extend(order, 'c')
    expect(selection.has('b')).toBe(true)
  })

  it('deselects documents that were removed', () => {
    const selection = useSelection()
    selection.add(['a', 'b'])
    selection.forget(['b', 'x'])
    expect(selection.selected).toEqual({ ids: ['a'] })
  })
})
