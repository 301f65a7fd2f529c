/** The columns of the list, by the width of the list itself. */
export const COLUMNS =
  'grid items-center gap-x-3 grid-cols-[28px_40px_minmax(0,1fr)_36px] pointer-coarse:grid-cols-[36px_40px_minmax(0,1fr)_44px] ' +
  '@[45rem]:grid-cols-[28px_40px_minmax(160px,2fr)_minmax(110px,1fr)_124px_104px_36px] ' +
  '@[58rem]:grid-cols-[28px_40px_minmax(180px,2.2fr)_minmax(130px,1fr)_136px_116px_76px_44px]'

/** Below this width rows have two lines in place of columns. */
export const COMPACT = 720
