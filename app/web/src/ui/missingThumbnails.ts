/** Documents without a thumbnail, so that scrolling does not ask again and again. */
export const missingThumbnails = new Set<string>()
