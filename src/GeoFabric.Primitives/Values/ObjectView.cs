using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GeoFabric.Primitives.Values;

/// <summary>
/// The attributes of an object value, in the order they were written. A stored document shows <c>_id</c>, <c>_key</c> and <c>_rev</c> first.
/// As short-lived as the value it was made from.
/// </summary>
public readonly struct ObjectView
{
    private readonly Value _object;
    private readonly int _width;
    private readonly int _encodedCount;

    internal ObjectView(Value value)
    {
        _object = value;
        var window = value.ObjectWindow;
        _width = ContainerLayout.Width(window[0]);
        _encodedCount = ContainerLayout.Read(ref MemoryMarshal.GetReference(window[(1 + _width)..]), _width);
    }

    public int Count => _object.IsDocument ? _encodedCount + 2 : _encodedCount;

    public bool Contains(ReadOnlySpan<byte> name) => TryGet(name, out _);

    /// <summary>Looks an attribute up by its UTF-8 name. O(log n) name comparisons, no allocation except for a document's <c>_id</c> and <c>_rev</c>.</summary>
    public bool TryGet(ReadOnlySpan<byte> name, out Value value)
    {
        var place = -1;
        return TryGet(name, ref place, out value);
    }

    /// <summary>As <see cref="TryGet(ReadOnlySpan{byte}, out Value)"/>, with a guess.</summary>
    /// <param name="place">Where the name was found last, which is looked at first: objects of one shape have it at the same place. Any number will do.</param>
    internal bool TryGet(ReadOnlySpan<byte> name, ref int place, out Value value)
    {
        if (_object.IsDocument && name.Length >= 3 && name[0] == '_')
        {
            if (name.SequenceEqual("_id"u8))
            {
                value = DocumentId();
                return true;
            }
            if (name.SequenceEqual("_rev"u8))
            {
                value = Revision();
                return true;
            }
        }
        var window = _object.ObjectWindow;
        ref var start = ref MemoryMarshal.GetReference(window);
        var guess = place;
        if ((uint)guess < (uint)_encodedCount && NameAt(window, EntryOffset(ref start, guess), out var guessedOffset).SequenceEqual(name))
        {
            value = _object.DecodeInside(guessedOffset);
            return true;
        }
        var low = 0;
        var high = _encodedCount - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var offset = EntryOffset(ref start, middle);
            var entryName = NameAt(window, offset, out var valueOffset);
            var order = entryName.SequenceCompareTo(name);
            if (order == 0)
            {
                place = middle;
                value = _object.DecodeInside(valueOffset);
                return true;
            }
            if (order < 0)
                low = middle + 1;
            else
                high = middle - 1;
        }
        value = default;
        return false;
    }

    /// <summary>Enumerates the attributes in the order they were written.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>Enumerates the attributes in code-point order of their names, which is the order comparisons use.</summary>
    public SortedEnumerator Sorted() => new(this);

    internal Value Whole => _object;

    private Value DocumentId()
    {
        var prefix = _object.Source.IdPrefix;
        var key = KeyUtf8();
        var bytes = new byte[prefix.Length + key.Length];
        prefix.CopyTo(bytes);
        key.CopyTo(bytes.AsSpan(prefix.Length));
        return Value.FromUtf8(bytes, 0, bytes.Length);
    }

    private Value Revision()
    {
        var text = new byte[Clocks.RevisionStamp.TextLengthMax];
        return Value.FromUtf8(text, 0, DocumentHeader.ReadStamp(_object.Record).Format(text));
    }

    /// <summary>Every stored object starts with its <c>_key</c>.</summary>
    private ReadOnlySpan<byte> KeyUtf8()
    {
        NameAt(_object.ObjectWindow, EntriesStart, out var valueOffset);
        return _object.DecodeInside(valueOffset).Utf8;
    }

    private int EntriesStart => 1 + (_width * (2 + _encodedCount));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int EntryOffset(ref byte start, int sortedIndex) =>
        ContainerLayout.Read(ref Unsafe.Add(ref start, 1 + (_width * (2 + sortedIndex))), _width);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ReadOnlySpan<byte> NameAt(ReadOnlySpan<byte> window, int offset, out int valueOffset)
    {
        int length = window[offset];
        offset++;
        if (length == 0xFF)
        {
            length = ContainerLayout.Read(ref MemoryMarshal.GetReference(window[offset..]), 4);
            offset += 4;
        }
        valueOffset = offset + length;
        return window.Slice(offset, length);
    }

    /// <summary>An attribute under an enumerator; the name's span dies with the enumerator's next move only if its snapshot does.</summary>
    public readonly ref struct Attribute(ReadOnlySpan<byte> name, Value value)
    {
        public ReadOnlySpan<byte> Name { get; } = name;

        public Value Value { get; } = value;

        public void Deconstruct(out ReadOnlySpan<byte> name, out Value value)
        {
            name = Name;
            value = Value;
        }
    }

    public ref struct Enumerator
    {
        private readonly ObjectView _view;
        private readonly ReadOnlySpan<byte> _window;
        private int _index;
        private int _offset;
        private int _nextOffset;

        internal Enumerator(ObjectView view)
        {
            _view = view;
            _window = view._object.ObjectWindow;
            _index = -1;
            _nextOffset = view.EntriesStart;
        }

        public readonly Attribute Current
        {
            get
            {
                if (_view._object.IsDocument)
                {
                    if (_index == 0)
                        return new Attribute("_id"u8, _view.DocumentId());
                    if (_index == 2)
                        return new Attribute("_rev"u8, _view.Revision());
                }
                var name = NameAt(_window, _offset, out var valueOffset);
                return new Attribute(name, _view._object.DecodeInside(valueOffset));
            }
        }

        public bool MoveNext()
        {
            _index++;
            if (_index >= _view.Count)
                return false;
            if (_view._object.IsDocument && (_index == 0 || _index == 2))
                return true;
            _offset = _nextOffset;
            NameAt(_window, _offset, out var valueOffset);
            _nextOffset = valueOffset + ContainerLayout.SizeOf(ref MemoryMarshal.GetReference(_window[valueOffset..]));
            return true;
        }
    }

    public ref struct SortedEnumerator
    {
        private readonly ObjectView _view;
        private readonly ReadOnlySpan<byte> _window;
        private int _index;
        private int _virtual;
        private bool _onVirtual;

        internal SortedEnumerator(ObjectView view)
        {
            _view = view;
            _window = view._object.ObjectWindow;
            _index = -1;
            _virtual = view._object.IsDocument ? 0 : 2;
        }

        public readonly SortedEnumerator GetEnumerator() => this;

        public readonly Attribute Current
        {
            get
            {
                if (_onVirtual)
                    return _virtual == 1 ? new Attribute("_id"u8, _view.DocumentId()) : new Attribute("_rev"u8, _view.Revision());
                var name = NameAt(_window, _view.EntryOffset(ref MemoryMarshal.GetReference(_window), _index), out var valueOffset);
                return new Attribute(name, _view._object.DecodeInside(valueOffset));
            }
        }

        public bool MoveNext()
        {
            // _id and _rev are not encoded; they slide in between the encoded names at their sorted place.
            var next = _index + 1;
            if (_virtual < 2)
            {
                var virtualName = _virtual == 0 ? "_id"u8 : "_rev"u8;
                if (next >= _view._encodedCount
                    || NameAt(_window, _view.EntryOffset(ref MemoryMarshal.GetReference(_window), next), out _).SequenceCompareTo(virtualName) > 0)
                {
                    _virtual++;
                    _onVirtual = true;
                    return true;
                }
            }
            _onVirtual = false;
            _index = next;
            return next < _view._encodedCount;
        }
    }
}
