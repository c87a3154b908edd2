using System.Collections.Immutable;

namespace GeoFabric.Storage.InMemory;

internal sealed class InMemorySnapshot(ImmutableSortedSet<Entry> root, Action closed) : InMemoryReader(root), ISnapshot
{
    private Action? _closed = closed;

    public override void ThrowIfEnded() => ObjectDisposedException.ThrowIf(_closed is null, this);

    public ISnapshot Fork()
    {
        ThrowIfEnded();
        return new InMemorySnapshot(Root, static () => { });
    }

    public void Dispose() => Interlocked.Exchange(ref _closed, null)?.Invoke();
}
