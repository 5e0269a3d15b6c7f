import { expect, it } from 'vitest'
import { phoneRegions } from '../src/regions.ts'

it('names the regions of the world, in the order of their names', () => {
  const regions = phoneRegions()
  expect(regions).toEqual(
    expect.arrayContaining([
      { code: 'IN', name: 'India' },
      { code: 'GB', name: 'United Kingdom' },
      { code: 'US', name: 'United States' },
    ]),
  )
  expect(regions.length).toBeGreaterThan(200)
  expect(regions.filter(({ code, name }) => code === name)).toEqual([])
  const names = regions.map(({ name }) => name)
  expect(names).toEqual(names.toSorted((a, b) => a.localeCompare(b, 'en')))
})
