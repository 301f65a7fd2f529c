/** A length in rem as pixels, which are more where the person has asked for larger letters. */
export const remToPixels = (length: number) => length * parseFloat(getComputedStyle(document.documentElement).fontSize)
