/** The looks of menus, shared by dropdown and context menus. */
export const menuClass =
  'anim-in z-50 min-w-48 max-h-[var(--reka-dropdown-menu-content-available-height)] overflow-y-auto scroll-thin rounded-lg border border-line bg-surface p-1.5 shadow-e2'
export const itemClass =
  'flex min-h-9 items-center gap-2.5 rounded-sm px-2.5 py-1.5 outline-none select-none data-[highlighted]:bg-hover data-[disabled]:opacity-50 pointer-coarse:min-h-11'
export const dangerItemClass = `${itemClass} text-bad data-[highlighted]:!bg-bad-soft`
