/** What is on a page besides its text: rules, pictures, and backgrounds on which light text can be read. */
import { boxIn } from "./direction.ts";
import type { Box, PdfDocument } from "./pdfium.ts";

/** A thin line, such as a table's, as the box that it fills. */
export interface Rule extends Box {
  readonly isHorizontal: boolean;
}

export interface PageObjects {
  readonly rules: readonly Rule[];
  /** Pictures, shadings and areas of a dark colour. */
  readonly grounds: readonly Box[];
  /** The share of the page that the largest picture covers, from 0 to 1. */
  readonly pictureShare: number;
}

/** FPDF_PAGEOBJ_* */
const [PATH, IMAGE, SHADING, FORM] = [2, 3, 4, 5];

/** Maps and drawings have hundreds of thousands; tables do not. */
const MOST_OBJECTS = 20_000;
const DEEPEST_FORM = 4;
const THICKEST_RULE = 2.5;
const SHORTEST_RULE = 12;

/** FS_MATRIX: x′ = a·x + c·y + e, y′ = b·x + d·y + f. */
type Matrix = readonly [number, number, number, number, number, number];
const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0];

/** The part of a page that is shown, in points. */
export function boundsOf(document: PdfDocument, page: number): Box {
  const { api } = document;
  const found = document.floats(4, (address) => api.FPDF_GetPageBoundingBox(page, address!)); // left, top, right, bottom
  const [left, top, right, bottom] = (found ?? [0, 0, 0, 0]) as [number, number, number, number];
  return { left, bottom, right, top };
}

/** The objects of a page, including those in form XObjects. */
export function objectsOf(document: PdfDocument, page: number, bounds: Box): PageObjects {
  const rules: Rule[] = [];
  const grounds: Box[] = [];
  let pictureShare = 0;
  let left = MOST_OBJECTS;
  const visit = (object: number, matrix: Matrix, depth: number): void => {
    const { api } = document;
    const type = api.FPDFPageObj_GetType(object);
    if (type === FORM && depth < DEEPEST_FORM) {
      const inner = times(matrixOf(document, object), matrix);
      for (let i = 0; i < api.FPDFFormObj_CountObjects(object) && left-- > 0; i++)
        visit(api.FPDFFormObj_GetObject(object, i), inner, depth + 1);
    }
    if (type !== PATH && type !== IMAGE && type !== SHADING) return;
    const own = document.box((...sides) => api.FPDFPageObj_GetBounds(object, ...sides));
    if (!own) return;
    const box = moved(own, matrix);
    if (type === PATH) {
      rules.push(...rulesOf(document, object, box));
      if (isDark(document, object)) grounds.push(box);
    } else {
      grounds.push(box);
      if (type === IMAGE) pictureShare = Math.max(pictureShare, shareOf(box, bounds));
    }
  };
  const { api } = document;
  for (let i = 0; i < api.FPDFPage_CountObjects(page) && left-- > 0; i++)
    visit(api.FPDFPage_GetObject(page, i), IDENTITY, 0);
  return { rules, grounds, pictureShare };
}

/** A thin path is a rule; the outline of a larger one is four rules. */
function rulesOf(document: PdfDocument, object: number, { left, bottom, right, top }: Box): Rule[] {
  const [width, height] = [right - left, top - bottom];
  if (width >= SHORTEST_RULE && height <= THICKEST_RULE)
    return [{ left, bottom, right, top, isHorizontal: true }];
  if (height >= SHORTEST_RULE / 2 && width <= THICKEST_RULE)
    return [{ left, bottom, right, top, isHorizontal: false }];
  if (!drawModeOf(document, object).isOutlined || width < SHORTEST_RULE || height < SHORTEST_RULE / 2)
    return [];
  return [
    { left, right, bottom, top: bottom, isHorizontal: true },
    { left, right, bottom: top, top, isHorizontal: true },
    { left, right: left, bottom, top, isHorizontal: false },
    { left: right, right, bottom, top, isHorizontal: false },
  ];
}

function drawModeOf(document: PdfDocument, object: number): { isFilled: boolean; isOutlined: boolean } {
  const modes = document.integers(2, (fill, stroke) =>
    document.api.FPDFPath_GetDrawMode(object, fill!, stroke!),
  );
  return { isFilled: Boolean(modes?.[0]), isOutlined: Boolean(modes?.[1]) };
}

function isDark(document: PdfDocument, object: number): boolean {
  const { api } = document;
  if (!drawModeOf(document, object).isFilled) return false;
  const colour = document.integers(4, (...to) =>
    api.FPDFPageObj_GetFillColor(object, to[0]!, to[1]!, to[2]!, to[3]!),
  );
  return colour !== undefined && !isWhite(colour);
}

/** Whether a colour, as red, green, blue and alpha up to 255, cannot be seen on white paper. */
export function isWhite(colour: readonly number[]): boolean {
  const [red, green, blue, alpha] = colour as [number, number, number, number];
  return alpha < 8 || Math.min(red, green, blue) > 242;
}

function shareOf(box: Box, page: Box): number {
  const width = Math.min(box.right, page.right) - Math.max(box.left, page.left);
  const height = Math.min(box.top, page.top) - Math.max(box.bottom, page.bottom);
  const area = (page.right - page.left) * (page.top - page.bottom);
  return area <= 0 || width <= 0 || height <= 0 ? 0 : (width * height) / area;
}

function matrixOf(document: PdfDocument, object: number): Matrix {
  const { api } = document;
  const found = document.floats(6, (address) => api.FPDFPageObj_GetMatrix(object, address!));
  return (found as unknown as Matrix | undefined) ?? IDENTITY;
}

/** First `a`, then `b`. */
function times(a: Matrix, b: Matrix): Matrix {
  const point = (x: number, y: number) => [x * b[0] + y * b[2], x * b[1] + y * b[3]] as const;
  const [[a0, a1], [a2, a3], [e, f]] = [point(a[0], a[1]), point(a[2], a[3]), point(a[4], a[5])];
  return [a0, a1, a2, a3, e + b[4], f + b[5]];
}

function moved(box: Box, m: Matrix): Box {
  if (m === IDENTITY) return box;
  return boxIn((x, y) => ({ x: x * m[0] + y * m[2] + m[4], y: x * m[1] + y * m[3] + m[5] }), box);
}
