import type { ComponentChildren, HTMLAttributes, RefObject } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";

/** Rows beyond the edges that are drawn all the same, so that scrolling meets no blank. */
const beyond = 12;

interface VirtualListProps {
  readonly count: number;
  /** Pixels. */
  readonly rowHeight: number;
  readonly row: (at: number) => ComponentChildren;
  /** The element that scrolls. */
  readonly box: RefObject<HTMLDivElement | null>;
  readonly class?: string;
  readonly attributes?: HTMLAttributes<HTMLDivElement>;
}

/** A list of rows of one height, of which only those are in the document that can be seen. */
export function VirtualList({ count, rowHeight, row, box, class: className = "", attributes }: VirtualListProps) {
  const [view, setView] = useState({ top: 0, height: 600 });
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const look = (): void => setView({ top: element.scrollTop, height: element.clientHeight });
    const sizes = new ResizeObserver(look);
    sizes.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    look();
    return () => {
      sizes.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, [box]);
  const first = Math.max(0, Math.min(count, Math.floor(view.top / rowHeight)) - beyond);
  const last = Math.min(count, Math.ceil((view.top + view.height) / rowHeight) + beyond);
  return (
    // What scrolls has to be within reach of the keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <div ref={box} class={`virtual ${className}`} tabIndex={0} {...attributes}>
      <div class="virtual-space" role="presentation" style={{ height: `${count * rowHeight}px` }}>
        <div class="virtual-rows" role="presentation" style={{ transform: `translateY(${first * rowHeight}px)` }}>
          {Array.from({ length: Math.max(0, last - first) }, (_, place) => row(first + place))}
        </div>
      </div>
    </div>
  );
}

/** Scrolls a box of rows no further than it takes to see one of them. */
export function showRow(box: HTMLElement | null, at: number, rowHeight: number): void {
  if (box === null) return;
  const top = at * rowHeight;
  if (top < box.scrollTop) box.scrollTop = top;
  else if (top + rowHeight > box.scrollTop + box.clientHeight) box.scrollTop = top + rowHeight - box.clientHeight;
}
