// The flow of the peer in Node-RED: mqtt in -> json -> function (last values, crew sums) -> once a
// second -> SQLite. `node peer_flow.js PORT DATABASE` prints it; without DATABASE nothing is stored.
const [port, database] = process.argv.slice(2)

const take = `
const last = context.get('last') || {}, used = context.get('used') || {}
const words = msg.topic.split('/')
const one = (item, meter, ts, value) => {
    const before = last[meter]
    last[meter] = value
    if (before === undefined) return
    const local = new Date(Date.parse(ts) + 3600000)
    const key = local.toISOString().slice(0, 10) + ' ' + Math.floor(local.getUTCHours() / 8) + ' ' + item
    used[key] = (used[key] || 0) + value - before
}
if (words[2] === 'readings') msg.payload.readings.forEach(r => one('', r.meter, msg.payload.ts, r.value))
else if (words[2] !== 'heat') one(words[3], words[4], msg.payload.ts, msg.payload.value)
context.set('last', last)
context.set('used', used)
const count = (context.get('count') || 0) + 1
context.set('count', count)
const now = Date.now()
if (now - (context.get('stored') || 0) < 1000) return null
context.set('stored', now)
node.status({text: String(count)})
global.set('count', count)
return {topic: "INSERT OR REPLACE INTO state VALUES (1, '" + JSON.stringify({last, used}) + "')"}
`
const flow = [
    {id: 'tab', type: 'tab', label: 'peer'},
    {id: 'broker', type: 'mqtt-broker', broker: '127.0.0.1', port, clientid: 'bench-node-red',
        protocolVersion: '4', keepalive: '60', cleansession: true, autoConnect: true},
    {id: 'in', z: 'tab', type: 'mqtt in', topic: 'plant/BENCH/#', qos: '1', datatype: 'json',
        broker: 'broker', inputs: 0, wires: [['take']]},
    {id: 'take', z: 'tab', type: 'function', func: take, outputs: 1,
        wires: [database ? ['store'] : []]},
]
if (database) {
    flow.push({id: 'file', type: 'sqlitedb', db: database, mode: 'RWC'},
        {id: 'store', z: 'tab', type: 'sqlite', mydb: 'file', sqlquery: 'msg.topic', wires: [[]]},
        {id: 'once', z: 'tab', type: 'inject', once: true, onceDelay: '0.1', repeat: '',
            props: [{p: 'topic'}], topic: 'CREATE TABLE IF NOT EXISTS state (id PRIMARY KEY, text)',
            wires: [['store']]})
}
console.log(JSON.stringify(flow))
