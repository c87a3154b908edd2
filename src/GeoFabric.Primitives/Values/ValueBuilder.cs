using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;

namespace GeoFabric.Primitives.Values;

/// <summary>Writes one value in its binary form into a pooled buffer; containers are opened, filled and closed.</summary>
/// <remarks>
/// Not thread-safe; reuse it after <see cref="Reset"/>, dispose it to give the buffer back. A container's width is known only when it is
/// closed, so closing moves its content up by the header's size: one memmove per level of nesting.
/// </remarks>
public sealed class ValueBuilder : IDisposable
{
    private byte[] _buffer;
    private int _length;
    // Offsets of the items or entries of all open containers, outermost first.
    private int[] _marks = ArrayPool<int>.Shared.Rent(64);
    private int _markCount;
    // One entry for each open container: where its content starts, where its marks start.
    private readonly Stack<(int Start, int FirstMark, bool IsObject)> _open = new();

    public ValueBuilder(int initialBytes = 512) => _buffer = ArrayPool<byte>.Shared.Rent(initialBytes);

    /// <summary>The bytes written so far. Valid until the next write.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    /// <summary>Whether an object closed since the last <see cref="Reset"/> had a name twice; the last value won.</summary>
    public bool HadDuplicateNames { get; private set; }

    public int Depth => _open.Count;

    public void Reset()
    {
        _length = 0;
        _markCount = 0;
        _open.Clear();
        HadDuplicateNames = false;
    }

    public void Dispose()
    {
        if (_buffer.Length == 0)
            return;
        ArrayPool<byte>.Shared.Return(_buffer);
        ArrayPool<int>.Shared.Return(_marks);
        _buffer = [];
        _marks = [];
    }

    /// <summary>A copy of the finished value that owns its bytes.</summary>
    public Value Build()
    {
        Debug.Assert(_open.Count == 0 && _length > 0);
        return Value.Decode(Written.ToArray(), 0);
    }

    public void WriteNull() => WriteTag(ValueTag.Null);

    public void WriteBoolean(bool value) => WriteTag(value ? ValueTag.True : ValueTag.False);

    public void WriteInteger(long value)
    {
        if (value == (sbyte)value)
        {
            var target = Item(2);
            target[0] = ValueTag.Int8;
            target[1] = (byte)value;
        }
        else if (value == (short)value)
        {
            var target = Item(3);
            target[0] = ValueTag.Int16;
            BinaryPrimitives.WriteInt16LittleEndian(target[1..], (short)value);
        }
        else if (value == (int)value)
        {
            var target = Item(5);
            target[0] = ValueTag.Int32;
            BinaryPrimitives.WriteInt32LittleEndian(target[1..], (int)value);
        }
        else
        {
            var target = Item(9);
            target[0] = ValueTag.Int64;
            BinaryPrimitives.WriteInt64LittleEndian(target[1..], value);
        }
    }

    /// <summary>Writes a finite double; minus zero becomes zero.</summary>
    public void WriteDouble(double value)
    {
        Debug.Assert(double.IsFinite(value));
        var target = Item(9);
        target[0] = ValueTag.Double;
        BinaryPrimitives.WriteDoubleLittleEndian(target[1..], value == 0 ? 0 : value);
    }

    /// <summary>Writes a string from valid UTF-8.</summary>
    public void WriteString(ReadOnlySpan<byte> utf8)
    {
        var header = utf8.Length <= ValueTag.ShortStringMax ? 1 : utf8.Length <= byte.MaxValue ? 2 : 5;
        var target = Item(header + utf8.Length);
        switch (header)
        {
            case 1:
                target[0] = (byte)(ValueTag.ShortString + utf8.Length);
                break;
            case 2:
                target[0] = ValueTag.String8;
                target[1] = (byte)utf8.Length;
                break;
            default:
                target[0] = ValueTag.String32;
                BinaryPrimitives.WriteInt32LittleEndian(target[1..], utf8.Length);
                break;
        }
        utf8.CopyTo(target[header..]);
    }

    /// <summary>Writes any value; a stored document becomes a plain object with <c>_id</c>, <c>_key</c> and <c>_rev</c>.</summary>
    public void Write(Value value)
    {
        if (value.IsString)
            WriteString(value.Utf8);
        else if (value.IsInteger)
            WriteInteger(value.Integer);
        else if (value.IsDouble)
            WriteDouble(value.Number);
        else if (value.IsNull)
            WriteNull();
        else if (value.IsBoolean)
            WriteBoolean(value.IsTruthy);
        else if (value.IsDocument)
            WriteDocument(value);
        else if (value.IsList)
            WriteList(value.List);
        else
            WriteEncoded(value.Window);
    }

    /// <summary>Copies a value that is already in its binary form.</summary>
    public void WriteEncoded(ReadOnlySpan<byte> encoded) => encoded.CopyTo(Item(encoded.Length));

    public void BeginArray() => Begin(isObject: false);

    public void EndArray()
    {
        var (start, firstMark, isObject) = _open.Pop();
        Debug.Assert(!isObject);
        Close(start, firstMark, ValueTag.Array1);
    }

    public void BeginObject() => Begin(isObject: true);

    /// <summary>Names the attribute whose value is written next.</summary>
    public void WriteName(ReadOnlySpan<byte> utf8)
    {
        Debug.Assert(_open.Peek().IsObject);
        Mark(_length);
        if (utf8.Length < 0xFF)
        {
            var target = Extend(1 + utf8.Length);
            target[0] = (byte)utf8.Length;
            utf8.CopyTo(target[1..]);
        }
        else
        {
            var target = Extend(5 + utf8.Length);
            target[0] = 0xFF;
            BinaryPrimitives.WriteInt32LittleEndian(target[1..], utf8.Length);
            utf8.CopyTo(target[5..]);
        }
    }

    public void WriteAttribute(ReadOnlySpan<byte> name, Value value)
    {
        WriteName(name);
        Write(value);
    }

    public void EndObject()
    {
        var (start, firstMark, isObject) = _open.Pop();
        Debug.Assert(isObject);
        var entries = _marks.AsSpan(firstMark, _markCount - firstMark);
        SortByName(entries);
        for (var i = 1; i < entries.Length; i++)
        {
            if (!NameAt(entries[i - 1]).SequenceEqual(NameAt(entries[i])))
                continue;
            HadDuplicateNames = true;
            DropShadowedEntries(start, firstMark);
            break;
        }
        Close(start, firstMark, ValueTag.Object1);
    }

    private void WriteList(ReadOnlySpan<Value> items)
    {
        BeginArray();
        foreach (var item in items)
            Write(item);
        EndArray();
    }

    private void WriteDocument(Value document)
    {
        BeginObject();
        foreach (var (name, value) in document.Attributes)
            WriteAttribute(name, value);
        EndObject();
    }

    private void Begin(bool isObject)
    {
        if (_open.Count > 0 && !_open.Peek().IsObject)
            Mark(_length);
        _open.Push((_length, _markCount, isObject));
    }

    private void WriteTag(byte tag) => Item(1)[0] = tag;

    /// <summary>Room for the next value; inside an array it also becomes the next item.</summary>
    private Span<byte> Item(int size)
    {
        if (_open.Count > 0 && !_open.Peek().IsObject)
            Mark(_length);
        return Extend(size);
    }

    private Span<byte> Extend(int size)
    {
        var needed = checked(_length + size);
        if (needed > _buffer.Length)
            Grow(needed);
        var target = _buffer.AsSpan(_length, size);
        _length = needed;
        return target;
    }

    private void Grow(int needed)
    {
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Max(needed, Math.Min(2L * _buffer.Length, Array.MaxLength)));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    private void Mark(int offset)
    {
        if (_markCount == _marks.Length)
        {
            var larger = ArrayPool<int>.Shared.Rent(2 * _marks.Length);
            _marks.AsSpan(0, _markCount).CopyTo(larger);
            ArrayPool<int>.Shared.Return(_marks);
            _marks = larger;
        }
        _marks[_markCount++] = offset;
    }

    private void Close(int start, int firstMark, byte smallestTag)
    {
        var count = _markCount - firstMark;
        var content = _length - start;
        var width = 1;
        var header = 1 + (width * (2 + count));
        if (header + content > byte.MaxValue)
        {
            width = 2;
            header = 1 + (width * (2 + count));
            if ((long)header + content > ushort.MaxValue)
            {
                width = 4;
                header = checked(1 + (width * (2 + count)));
            }
        }
        Extend(header);
        var window = _buffer.AsSpan(start, header + content);
        window[..content].CopyTo(window[header..]);
        window[0] = (byte)(smallestTag + (width >> 1));
        ContainerLayout.Write(window[1..], window.Length, width);
        ContainerLayout.Write(window[(1 + width)..], count, width);
        for (var i = 0; i < count; i++)
            ContainerLayout.Write(window[(1 + (width * (2 + i)))..], _marks[firstMark + i] - start + header, width);
        _markCount = firstMark;
    }

    private ReadOnlySpan<byte> NameAt(int offset)
    {
        int length = _buffer[offset];
        return length != 0xFF
            ? _buffer.AsSpan(offset + 1, length)
            : _buffer.AsSpan(offset + 5, BinaryPrimitives.ReadInt32LittleEndian(_buffer.AsSpan(offset + 1)));
    }

    private void SortByName(Span<int> entries)
    {
        if (entries.Length > 24)
        {
            entries.Sort(new EntryComparer(this));
            return;
        }
        for (var i = 1; i < entries.Length; i++)
        {
            var entry = entries[i];
            var name = NameAt(entry);
            var j = i - 1;
            for (; j >= 0 && NameAt(entries[j]).SequenceCompareTo(name) > 0; j--)
                entries[j + 1] = entries[j];
            entries[j + 1] = entry;
        }
    }

    /// <summary>Removes the entries that a later one of the same name hides. The marks are sorted by name, then by offset.</summary>
    private void DropShadowedEntries(int start, int firstMark)
    {
        var kept = new List<int>();
        for (var i = firstMark; i < _markCount; i++)
        {
            if (i + 1 == _markCount || !NameAt(_marks[i]).SequenceEqual(NameAt(_marks[i + 1])))
                kept.Add(_marks[i]);
        }
        kept.Sort();
        var compact = new byte[_length - start];
        var used = 0;
        var moved = new List<int>(kept.Count);
        foreach (var offset in kept)
        {
            var valueOffset = offset + (_buffer[offset] == 0xFF ? 5 : 1) + NameAt(offset).Length;
            var size = valueOffset - offset + ContainerLayout.SizeOf(ref _buffer[valueOffset]);
            _buffer.AsSpan(offset, size).CopyTo(compact.AsSpan(used));
            moved.Add(start + used);
            used += size;
        }
        compact.AsSpan(0, used).CopyTo(_buffer.AsSpan(start));
        _length = start + used;
        _markCount = firstMark;
        foreach (var offset in moved)
            Mark(offset);
        SortByName(_marks.AsSpan(firstMark, _markCount - firstMark));
    }

    private sealed class EntryComparer(ValueBuilder builder) : IComparer<int>
    {
        public int Compare(int x, int y)
        {
            var order = builder.NameAt(x).SequenceCompareTo(builder.NameAt(y));
            return order != 0 ? order : x.CompareTo(y);
        }
    }
}
