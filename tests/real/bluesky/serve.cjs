// A Bluesky server (PDS) and its directory of identities (PLC), both on 127.0.0.1 and nowhere else.
// usage: node serve.cjs FOLDER PUBLIC_PORT PORT     everything in FOLDER is thrown away at the start
//
// The server tells people that it is at PUBLIC_PORT and listens at PORT: a test may stand in between.
const { mkdirSync, rmSync } = require('node:fs')
const { createServer } = require('node:http')
const { randomBytes } = require('node:crypto')
const { once } = require('node:events')
const { PDS, envToCfg, envToSecrets } = require('@atproto/pds')
const { PlcServer, MockDatabase } = require('@did-plc/server')

const [folder, publicPort, port] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])]

// Their own `start` would listen on every address of the machine.
async function listen(app, at) {
  const server = createServer(app).listen(at, '127.0.0.1')
  await once(server, 'listening')
  return server.address().port
}

async function main() {
  rmSync(folder, { recursive: true, force: true })
  for (const name of ['data', 'blobs']) mkdirSync(`${folder}/${name}`, { recursive: true })
  const plc = PlcServer.create({ db: new MockDatabase() })
  const plcUrl = `http://127.0.0.1:${await listen(plc.app, 0)}`
  const settings = {
    devMode: true,
    hostname: 'localhost',
    port: publicPort,
    serviceHandleDomains: ['.test'],
    didPlcUrl: plcUrl,
    dataDirectory: `${folder}/data`,
    blobstoreDiskLocation: `${folder}/blobs`,
    disableSsrfProtection: true, // its directory is on loopback
    inviteRequired: false,
    rateLimitsEnabled: process.env.BLUESKY_LIMITS === '1',
    jwtSecret: randomBytes(16).toString('hex'),
    adminPassword: randomBytes(16).toString('hex'),
    plcRotationKeyK256PrivateKeyHex: randomBytes(32).toString('hex'),
  }
  const pds = await PDS.create(envToCfg(settings), envToSecrets(settings))
  await pds.ctx.sequencer.start()
  console.log(`BLUESKY_PLC_URL=${plcUrl}`)
  console.log(`BLUESKY_URL=http://127.0.0.1:${await listen(pds.app, port)}`)
}

main().catch((trouble) => {
  console.error(trouble)
  process.exit(1)
})
