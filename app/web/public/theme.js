// Runs before the first paint, so that a dark page does not flash white.
;(function () {
  try {
    var theme = localStorage.getItem('dv.theme') || 'system'
    var dark = theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
    document.documentElement.classList.toggle('dark', dark)
    document.querySelector('meta[name=theme-color]').content = dark ? '#0d1015' : '#f6f7f9'
  } catch {
    // Storage may be forbidden: the light theme stays.
  }
})()
