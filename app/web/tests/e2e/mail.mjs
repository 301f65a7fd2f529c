// A mail server that takes every mail, in the open: as much of RFC 5321 as the vault needs.
import { createServer } from 'node:net'

export async function startMail() {
  const mails = []
  const waiting = []
  function take(mail) {
    mails.push(mail)
    for (const wake of waiting.splice(0)) wake()
  }
  const server = createServer((socket) => {
    let text = ''
    let inText = false
    socket.setEncoding('utf8')
    socket.on('error', () => {})
    socket.write('220 ready\r\n')
    socket.on('data', (chunk) => {
      text += chunk
      for (;;) {
        const end = text.indexOf(inText ? '\r\n.\r\n' : '\r\n')
        if (end < 0) return
        const said = text.slice(0, end)
        text = text.slice(end + (inText ? 5 : 2))
        if (inText) {
          // A line that is too long for mail goes on in the next one (RFC 2045, 6.7).
          take(said.replaceAll('=\r\n', '').replaceAll('=3D', '='))
        }
        const begins = !inText && /^DATA/i.test(said)
        socket.write(begins ? '354 go on\r\n' : /^QUIT/i.test(said) ? '221 bye\r\n' : '250 ok\r\n')
        inText = begins
      }
    })
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: server.address().port,
    /** A mail that came in another way. */
    take,
    /** Begins to listen; what it returns waits for the next mail with a link to `path`. */
    nextLink(path) {
      let from = mails.length
      return async () => {
        for (;;) {
          for (; from < mails.length; from += 1) {
            const found = mails[from].match(new RegExp(`https?://\\S+${path}#\\S+`))
            if (found) return found[0]
          }
          await new Promise((resolve) => waiting.push(resolve))
        }
      }
    },
    end: () => server.close(),
  }
}
