const stored = localStorage.getItem('dv.locale')
if ((stored || navigator.language).startsWith('de')) {
  document.documentElement.lang = 'de'
  for (const element of document.querySelectorAll('[data-de]')) element.textContent = element.dataset.de
}
document.querySelector('button').addEventListener('click', () => location.reload())
addEventListener('online', () => location.reload())
