// Numbers of a picture to what is seen: a pyramid of halves, a table of greys for the window, and the painting. No server is asked.
const ARRAYS = { u8: Uint8Array, u16: Uint16Array, i16: Int16Array, rgb: Uint8Array }

function frameOf(bytes, facts) {
  if (facts.error) return { facts, error: facts.error }
  const channels = facts.kind === "rgb" ? 3 : 1
  const data = new ARRAYS[facts.kind](bytes, facts.at, facts.w * facts.h * channels)
  const frame = { facts, channels, levels: [{ w: facts.w, h: facts.h, data }], mask: null, table: null }
  if (facts.mask >= 0) frame.mask = maskCanvas(new Uint8Array(bytes, facts.mask, Math.ceil((facts.w * facts.h) / 8)), facts)
  if (facts.table) frame.table = Uint8Array.from(atob(facts.table.grey), (c) => c.charCodeAt(0))
  return frame
}

function maskCanvas(bits, facts) {
  const canvas = document.createElement("canvas")
  canvas.width = facts.w
  canvas.height = facts.h
  const context = canvas.getContext("2d"), image = context.createImageData(facts.w, facts.h)
  const out = new Uint32Array(image.data.buffer)
  for (let i = 0; i < out.length; i++) if ((bits[i >> 3] >> (i & 7)) & 1) out[i] = 0xff4ad5ff
  context.putImageData(image, 0, 0)
  return canvas
}

// Level n of the pyramid has half the sides of level n - 1; each number is the mean of four.
function level(frame, wanted) {
  while (frame.levels.length <= wanted) {
    const { w, h, data } = frame.levels[frame.levels.length - 1], n = frame.channels
    if (w < 2 || h < 2) break
    const W = w >> 1, H = h >> 1, half = new data.constructor(W * H * n)
    for (let y = 0, o = 0; y < H; y++) {
      let a = 2 * y * w * n, b = a + w * n
      for (let x = 0; x < W; x++, a += 2 * n, b += 2 * n)
        for (let c = 0; c < n; c++) half[o++] = (data[a + c] + data[a + n + c] + data[b + c] + data[b + n + c] + 2) >> 2
    }
    frame.levels.push({ w: W, h: H, data: half })
  }
  const at = Math.min(wanted, frame.levels.length - 1)
  return { ...frame.levels[at], at }
}

// Share of white, 0 to 1, of a value under a window (DICOM PS3.3 C.11.2.1.2 and C.11.2.1.3).
function share(value, window, frame) {
  const { c, w } = window
  if (window.f === "TABLE" && frame.table) {
    const last = frame.table.length - 1
    return frame.table[Math.min(last, Math.max(0, Math.round(value) - frame.facts.table.first))] / 255
  }
  if (window.f === "SIGMOID") return 1 / (1 + Math.exp((-4 * (value - c)) / w))
  if (window.f !== "LINEAR") return Math.min(1, Math.max(0, (value - c) / w + 0.5))
  if (w <= 1) return value > c - 0.5 ? 1 : 0
  return Math.min(1, Math.max(0, (value - (c - 0.5)) / (w - 1) + 0.5))
}

// A packed grey for every number that the frame can hold; for colour a byte for each byte.
function greys(frame, window, turned) {
  const key = [window.c, window.w, window.f, turned].join()
  if (frame.greysKey === key) return frame.greys
  const { kind, k, b, inverted } = frame.facts, colour = kind === "rgb"
  const count = kind === "u16" || kind === "i16" ? 65536 : 256, from = kind === "i16" ? -32768 : 0
  const out = frame.greys && frame.greys.length === count ? frame.greys : colour ? new Uint8Array(count) : new Uint32Array(count)
  const flip = turned !== (inverted && !colour)
  for (let i = 0; i < count; i++) {
    const seen = share(colour ? i : k * (i + from) + b, window, frame), g = Math.round(255 * (flip ? 1 - seen : seen))
    out[i] = colour ? g : (0xff000000 | (g * 0x010101)) >>> 0
  }
  frame.greys = out
  frame.greysKey = key
  return out
}

// Where each column (or row) of the canvas looks: two neighbours and the part of the second; only those inside the picture.
function along(size, start, scale, length, step, store) {
  const first = Math.max(0, Math.ceil(start - 0.5)), last = Math.min(size, Math.floor(start + length * scale + 0.5))
  if (!store.low || store.low.length < size) Object.assign(store, { low: new Int32Array(size), high: new Int32Array(size), part: new Float32Array(size) })
  const most = Math.max(0, Math.floor(length / step) - 1)
  for (let i = first; i < last; i++) {
    const at = Math.min(most, Math.max(0, (i + 0.5 - start) / scale / step - 0.5)), low = Math.floor(at)
    store.low[i] = low
    store.high[i] = Math.min(most, low + 1)
    store.part[i] = at - low
  }
  return [first, last]
}

const across = {}, down = {}

// Paints the frame into image (ImageData of the canvas); place = { left, top, sx, sy } in canvas pixels.
function paint(image, frame, place, window, turned) {
  const out = new Uint32Array(image.data.buffer), { facts, channels } = frame
  const wanted = Math.max(0, Math.floor(Math.log2(1 / Math.max(place.sx, 1e-6))))
  const { w, data, at } = level(frame, wanted), step = 1 << at
  const table = greys(frame, window, turned), shift = facts.kind === "i16" ? 32768.5 : 0.5
  const [xa, xb] = along(image.width, place.left, place.sx, facts.w, step, across)
  const [ya, yb] = along(image.height, place.top, place.sy, facts.h, step, down)
  out.fill(0)
  for (let y = ya; y < yb; y++) {
    const r0 = down.low[y] * w, r1 = down.high[y] * w, fy = down.part[y]
    for (let x = xa, o = y * image.width + xa; x < xb; x++, o++) {
      const a = across.low[x], b = across.high[x], fx = across.part[x]
      if (channels === 1) {
        const upper = data[r0 + a] + (data[r0 + b] - data[r0 + a]) * fx, lower = data[r1 + a] + (data[r1 + b] - data[r1 + a]) * fx
        out[o] = table[(upper + (lower - upper) * fy + shift) | 0]
      } else {
        let packed = 0xff000000
        for (let c = 0; c < 3; c++) {
          const p = data[3 * (r0 + a) + c], q = data[3 * (r1 + a) + c]
          const upper = p + (data[3 * (r0 + b) + c] - p) * fx, lower = q + (data[3 * (r1 + b) + c] - q) * fx
          packed |= table[(upper + (lower - upper) * fy + 0.5) | 0] << (8 * c)
        }
        out[o] = packed >>> 0
      }
    }
  }
}

function valueAt(frame, x, y) {
  const { w, h, kind, k, b } = frame.facts, i = Math.floor(y) * w + Math.floor(x)
  if (x < 0 || y < 0 || x >= w || y >= h) return null
  const data = frame.levels[0].data
  return kind === "rgb" ? [data[3 * i], data[3 * i + 1], data[3 * i + 2]].join(" ") : k * data[i] + b
}
