import { defineStore } from 'pinia'
import { computed, ref, watchEffect } from 'vue'
import type { Connection } from '@/api/events'
import { storedRef } from '@/lib/storedRef'

export type Theme = 'light' | 'dark' | 'system'

/** What this browser remembers, and what is open at the moment. */
export const useUi = defineStore('ui', () => {
  const theme = storedRef<Theme>('dv.theme', 'system')
  const view = storedRef<'list' | 'grid'>('dv.view', 'list')
  const panel = storedRef<boolean>('dv.panel', false)
  const singleKeys = storedRef<boolean>('dv.singleKeys', true)

  const palette = ref(false)
  const help = ref(false)
  const drawer = ref(false)
  const connection = ref<Connection>('connecting')

  const system = matchMedia('(prefers-color-scheme: dark)')
  const systemDark = ref(system.matches)
  system.addEventListener('change', () => (systemDark.value = system.matches))
  const dark = computed(() => theme.value === 'dark' || (theme.value === 'system' && systemDark.value))
  watchEffect(() => {
    document.documentElement.classList.toggle('dark', dark.value)
    document.querySelector('meta[name=theme-color]')?.setAttribute('content', dark.value ? '#0d1015' : '#f6f7f9')
  })

  return { theme, view, panel, singleKeys, palette, help, drawer, connection, dark }
})
