import { usePreferredDark, useStorage } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed, ref, watchEffect } from 'vue'
import type { Connection } from '@/api/events'

export type Theme = 'light' | 'dark' | 'system'

/** What this browser remembers, and what is open at the moment. */
export const useUi = defineStore('ui', () => {
  const text = { serializer: { read: (raw: string) => raw as never, write: (value: string) => value } }
  const theme = useStorage<Theme>('dv.theme', 'system', localStorage, text)
  const view = useStorage<'list' | 'grid'>('dv.view', 'list', localStorage, text)
  const panel = useStorage('dv.panel', false)
  const singleKeys = useStorage('dv.singleKeys', true)

  const palette = ref(false)
  const help = ref(false)
  const drawer = ref(false)
  const connection = ref<Connection>('connecting')

  const systemDark = usePreferredDark()
  const dark = computed(() => theme.value === 'dark' || (theme.value === 'system' && systemDark.value))
  watchEffect(() => {
    document.documentElement.classList.toggle('dark', dark.value)
    document.querySelector('meta[name=theme-color]')?.setAttribute('content', dark.value ? '#0d1015' : '#f6f7f9')
  })

  return { theme, view, panel, singleKeys, palette, help, drawer, connection, dark }
})
