-- The load of one run for wrk: `requestStream` of request-stream.ts once more; change both together.
-- Arguments: path, repeats, hot, additions and merges in percent, customers, lag, run.

local HOT_RUN = 8999
local HOT_CONTACTS = 1000
local repeats, hot, additions, merges, customers, lag, run
local made, used = 0, 0
local state
local head
local before, after = '', ''

local function random()
  state = (state * 16807) % 2147483647
  return state
end

local function body(run, email_of, phone_of, kind)
  return '{"email":"c' .. (1000 + run) .. '-' .. (10000000 + email_of) .. '@shop.example","phoneNumber":"+'
    .. kind .. (1000 + run) .. (10000000 + phone_of) .. '"}'
end

local function next_body()
  local share = random() % 100
  if share < repeats then
    local customer = random() % customers
    return body(0, customer, customer, 1)
  end
  share = share - repeats
  if share < hot then
    return body(HOT_RUN, random() % HOT_CONTACTS, 0, 1)
  end
  share = share - hot
  if share < additions and made - used > lag then
    used = used + 1
    return body(run, used - 1, used - 1, 2)
  end
  share = share - additions
  if share >= 0 and share < merges and made - used > lag + 1 then
    used = used + 2
    return body(run, used - 2, used - 1, 1)
  end
  made = made + 1
  return body(run, made - 1, made - 1, 1)
end

function init(args)
  local path = args[1]
  repeats, hot, additions, merges = tonumber(args[2]), tonumber(args[3]), tonumber(args[4]), tonumber(args[5])
  customers, lag, run = tonumber(args[6]), tonumber(args[7]), tonumber(args[8])
  state = run * 1000003
  if path:find('^/trpc/') then
    before, after = '{"json":', '}'
  end
  -- Every body has the same size, so the head is the same for all.
  local size = #before + #body(run, 0, 0, 1) + #after
  head = 'POST ' .. path .. ' HTTP/1.1\r\nHost: ' .. wrk.headers['Host']
    .. '\r\nContent-Type: application/json\r\nContent-Length: ' .. size .. '\r\n\r\n'
end

function request()
  return head .. before .. next_body() .. after
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requestCount":%d,"durationS":%.6f,"p50Ms":%.3f,"p99Ms":%.3f,"failures":{"connection":%d,"timeout":%d,"status":%d}}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.connect + errors.read + errors.write, errors.timeout, errors.status))
end
