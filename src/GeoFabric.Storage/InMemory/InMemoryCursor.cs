using System.Collections.Immutable;

namespace GeoFabric.Storage.InMemory;

/// <summary>Walks positions of the persistent set; searches its place again when the transaction below it has moved on to another root.</summary>
internal sealed class InMemoryCursor(InMemoryReader reader, KeyRange range, ScanDirection direction) : ICursor
{
    private enum State
    {
        BeforeFirst,
        Positioned,
        Ended,
    }

    private State _state = State.BeforeFirst;
    private ImmutableSortedSet<Entry> _root = reader.Root;
    private int _position;
    private Entry _current;

    public ReadOnlySpan<byte> Key => _state == State.Positioned ? _current.Key : throw NotPositioned();

    public ReadOnlySpan<byte> Value => _state == State.Positioned ? _current.Value : throw NotPositioned();

    public bool MoveNext()
    {
        reader.ThrowIfEnded();
        return _state switch
        {
            State.BeforeFirst when direction == ScanDirection.Forward => Stand(AtOrAfter(range.Start)),
            State.BeforeFirst => Stand(range.End is null ? reader.Root.Count - 1 : AtOrAfter(range.End) - 1),
            State.Positioned when ReferenceEquals(_root, reader.Root) => Stand(direction == ScanDirection.Forward ? _position + 1 : _position - 1),
            State.Positioned => Stand(direction == ScanDirection.Forward ? After(_current.Key) : AtOrAfter(_current.Key) - 1),
            _ => false,
        };
    }

    public bool Seek(ReadOnlySpan<byte> key)
    {
        reader.ThrowIfEnded();
        if (direction == ScanDirection.Forward)
            return Stand(AtOrAfter(key.SequenceCompareTo(range.Start) < 0 ? range.Start : key));
        return Stand(range.End is not null && key.SequenceCompareTo(range.End) >= 0 ? AtOrAfter(range.End) - 1 : After(key) - 1);
    }

    public void Dispose() => _state = State.Ended;

    private int AtOrAfter(ReadOnlySpan<byte> key)
    {
        var position = reader.PositionOf(key);
        return position < 0 ? ~position : position;
    }

    private int After(ReadOnlySpan<byte> key)
    {
        var position = reader.PositionOf(key);
        return position < 0 ? ~position : position + 1;
    }

    private bool Stand(int position)
    {
        _root = reader.Root;
        _position = position;
        _state = State.Ended;
        if ((uint)position >= (uint)_root.Count)
            return false;
        _current = _root[position];
        if (range.Contains(_current.Key))
            _state = State.Positioned;
        return _state == State.Positioned;
    }

    private static InvalidOperationException NotPositioned() => new("The cursor stands on no entry; MoveNext or Seek must have answered true.");
}
