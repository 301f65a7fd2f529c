/** The columns of the list, by the width of the list itself. */
export const COLUMNS =
  'grid items-center gap-x-3 grid-cols-[1.75rem_2.5rem_minmax(0,1fr)_2.25rem] pointer-coarse:grid-cols-[2.25rem_2.5rem_minmax(0,1fr)_2.75rem] ' +
  '@[45rem]:grid-cols-[1.75rem_2.5rem_minmax(10rem,2fr)_minmax(6.875rem,1fr)_7.75rem_6.5rem_2.25rem] ' +
  '@[58rem]:grid-cols-[1.75rem_2.5rem_minmax(11.25rem,2.2fr)_minmax(8.125rem,1fr)_8.5rem_7.25rem_4.75rem_2.75rem]'

/** Below this width, in rem, rows have two lines in place of columns. */
export const COMPACT = 45
