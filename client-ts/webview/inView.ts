// What lies out of view, and not near it either, need not be asked for.

const watched = new WeakMap<Element, (isInView: boolean) => void>();

const observer = new IntersectionObserver(
    (entries) => {
        for (const { target, isIntersecting } of entries) watched.get(target)?.(isIntersecting);
    },
    { rootMargin: '200px' },
);

/** Tells whenever the element comes into view or leaves it. */
export function watchView(element: Element, tell: (isInView: boolean) => void): void {
    watched.set(element, tell);
    observer.observe(element);
}

/** Tells no more. */
export function unwatchView(element: Element): void {
    watched.delete(element);
    observer.unobserve(element);
}
