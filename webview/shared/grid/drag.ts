/** Dragging: what was pressed is held until it is let go, wherever on the screen that is. */

export function whileDragged(move: (event: PointerEvent) => void): void {
  const end = (): void => {
    window.removeEventListener('pointermove', move);
    for (const ending of ENDINGS) window.removeEventListener(ending, end);
  };
  window.addEventListener('pointermove', move);
  for (const ending of ENDINGS) window.addEventListener(ending, end);
}

/** The second one is a finger that the browser takes for scrolling. */
const ENDINGS = ['pointerup', 'pointercancel'] as const;
