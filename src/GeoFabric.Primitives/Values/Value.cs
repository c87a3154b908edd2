using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace GeoFabric.Primitives.Values;

/// <summary>
/// One C8QL value: a scalar held in the struct itself, or a window onto a string, array or object in its binary form.
/// </summary>
/// <remarks>
/// A window points into a managed array, into a list of values, or into memory that does not move: the memory map of a storage snapshot.
/// The last kind dies with its snapshot; <see cref="Detach"/> copies. 24 bytes, never boxed by the engine. Not a number and infinities
/// do not exist: <see cref="FromDouble"/> turns them into null.
/// </remarks>
public readonly unsafe struct Value : IEquatable<Value>
{
    // byte[]: the window is in that array, _bits is the offset. Value[]: a list, _bits is the first index, _length the count.
    // DocumentSource: a stored document in unmoving memory, _bits is its address. null: a scalar, or an address.
    private readonly object? _owner;
    private readonly long _bits;
    private readonly int _length;
    private readonly Form _form;

    private enum Form : byte
    {
        Null = 0,
        False = 1,
        True = 2,
        Integer = 3,
        Double = 4,
        String = 5,
        Array = 6,
        List = 7,
        Object = 8,
        Document = 9,
    }

    private Value(object? owner, long bits, int length, Form form)
    {
        _owner = owner;
        _bits = bits;
        _length = length;
        _form = form;
    }

    public static Value Null => default;

    public static Value True => new(null, 1, 0, Form.True);

    public static Value False => new(null, 0, 0, Form.False);

    public static Value EmptyString { get; } = FromUtf8([], 0, 0);

    public static Value EmptyArray { get; } = FromList([], 0);

    public static Value EmptyObject { get; } = Decode(new byte[] { ValueTag.Object1, 3, 0 }, 0);

    public static Value FromBoolean(bool value) => value ? True : False;

    public static Value FromInteger(long value) => new(null, value, 0, Form.Integer);

    /// <summary>The number, or null when it is not finite. Minus zero becomes zero.</summary>
    public static Value FromDouble(double value) =>
        !double.IsFinite(value) ? Null : new Value(null, BitConverter.DoubleToInt64Bits(value == 0 ? 0 : value), 0, Form.Double);

    public static Value FromString(string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        return FromUtf8(bytes, 0, bytes.Length);
    }

    /// <summary>A string over a part of <paramref name="buffer"/>, which must not change afterwards. The bytes must be valid UTF-8.</summary>
    public static Value FromUtf8(byte[] buffer, int offset, int length) => new(buffer, offset, length, Form.String);

    /// <summary>A string over a copy of <paramref name="utf8"/>, which must be valid UTF-8.</summary>
    public static Value FromUtf8(ReadOnlySpan<byte> utf8) => FromUtf8(utf8.ToArray(), 0, utf8.Length);

    /// <summary>An array of the first <paramref name="count"/> items, which must not change afterwards.</summary>
    public static Value FromList(Value[] items, int count) => new(items, 0, count, Form.List);

    public static Value FromList(IReadOnlyCollection<Value> items) => FromList([.. items], items.Count);

    /// <summary>The value encoded at <paramref name="offset"/>; strings and containers are windows onto the array.</summary>
    public static Value Decode(byte[] buffer, int offset) => Decode(ref buffer[offset], buffer, offset);

    /// <summary>The value encoded at the start of a span over memory that does not move while the value is used, such as a snapshot's.</summary>
    public static Value DecodePinned(ReadOnlySpan<byte> pinned)
    {
        ref var first = ref MemoryMarshal.GetReference(pinned);
        return Decode(ref first, null, (long)(nint)Unsafe.AsPointer(ref first));
    }

    /// <summary>A stored document: <paramref name="pinnedRecord"/> is header and object, in memory that does not move while the value is used.</summary>
    public static Value FromDocument(DocumentSource source, ReadOnlySpan<byte> pinnedRecord) =>
        new(source, (long)(nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(pinnedRecord)), pinnedRecord.Length, Form.Document);

    /// <summary>The document whose record lies where <see cref="RecordAddress"/> said, in the same snapshot.</summary>
    public static Value FromDocument(DocumentSource source, nint address, int length) => new(source, address, length, Form.Document);

    /// <summary>Where header and object of a stored document lie until its snapshot ends; only for <see cref="IsDocument"/>.</summary>
    public (nint Address, int Length) RecordAddress
    {
        get
        {
            Debug.Assert(IsDocument);
            return ((nint)_bits, _length);
        }
    }

    internal static Value Decode(ref byte first, object? owner, long position)
    {
        var tag = first;
        if (tag >= ValueTag.ShortString)
            return new Value(owner, position + 1, tag - ValueTag.ShortString, Form.String);
        switch (tag)
        {
            case ValueTag.Null: return Null;
            case ValueTag.False: return False;
            case ValueTag.True: return True;
            case ValueTag.Int8: return FromInteger((sbyte)Unsafe.Add(ref first, 1));
            case ValueTag.Int16: return FromInteger(Unsafe.ReadUnaligned<short>(ref Unsafe.Add(ref first, 1)));
            case ValueTag.Int32: return FromInteger(Unsafe.ReadUnaligned<int>(ref Unsafe.Add(ref first, 1)));
            case ValueTag.Int64: return FromInteger(Unsafe.ReadUnaligned<long>(ref Unsafe.Add(ref first, 1)));
            case ValueTag.Double: return new Value(null, Unsafe.ReadUnaligned<long>(ref Unsafe.Add(ref first, 1)), 0, Form.Double);
            case ValueTag.String8: return new Value(owner, position + 2, Unsafe.Add(ref first, 1), Form.String);
            case ValueTag.String32: return new Value(owner, position + 5, Unsafe.ReadUnaligned<int>(ref Unsafe.Add(ref first, 1)), Form.String);
            case ValueTag.Array1 or ValueTag.Array2 or ValueTag.Array4:
                return new Value(owner, position, ContainerLayout.Read(ref Unsafe.Add(ref first, 1), ContainerLayout.Width(tag)), Form.Array);
            case ValueTag.Object1 or ValueTag.Object2 or ValueTag.Object4:
                return new Value(owner, position, ContainerLayout.Read(ref Unsafe.Add(ref first, 1), ContainerLayout.Width(tag)), Form.Object);
            default: throw new UnreachableException($"Unknown value tag 0x{tag:X2}.");
        }
    }

    public ValueKind Kind => _form switch
    {
        Form.Null => ValueKind.Null,
        Form.False or Form.True => ValueKind.Boolean,
        Form.Integer or Form.Double => ValueKind.Number,
        Form.String => ValueKind.String,
        Form.Array or Form.List => ValueKind.Array,
        _ => ValueKind.Object,
    };

    public bool IsNull => _form == Form.Null;

    public bool IsBoolean => _form is Form.False or Form.True;

    public bool IsNumber => _form is Form.Integer or Form.Double;

    /// <summary>A number held as a 64-bit integer. 1.0 read from a double is not one, although it compares equal to 1.</summary>
    public bool IsInteger => _form == Form.Integer;

    public bool IsDouble => _form == Form.Double;

    public bool IsString => _form == Form.String;

    public bool IsArray => _form is Form.Array or Form.List;

    public bool IsObject => _form is Form.Object or Form.Document;

    /// <summary>A stored document, whose <c>_id</c> and <c>_rev</c> come from its collection and its header.</summary>
    public bool IsDocument => _form == Form.Document;

    /// <summary>C8QL truth: null, false, 0 and "" are false, everything else is true, empty containers included.</summary>
    public bool IsTruthy => _form switch
    {
        Form.Null or Form.False => false,
        Form.Integer or Form.Double => _bits != 0,
        Form.String => _length != 0,
        _ => true,
    };

    /// <summary>The integer; only for <see cref="IsInteger"/>.</summary>
    public long Integer
    {
        get
        {
            Debug.Assert(_form == Form.Integer);
            return _bits;
        }
    }

    /// <summary>The number as a double; only for <see cref="IsNumber"/>. Integers beyond 2^53 lose precision.</summary>
    public double Number
    {
        get
        {
            Debug.Assert(IsNumber);
            return _form == Form.Integer ? _bits : BitConverter.Int64BitsToDouble(_bits);
        }
    }

    /// <summary>The string's UTF-8 bytes; only for <see cref="IsString"/>.</summary>
    public ReadOnlySpan<byte> Utf8
    {
        get
        {
            Debug.Assert(_form == Form.String);
            return Window;
        }
    }

    /// <summary>The string; only for <see cref="IsString"/>. Allocates: hot paths use <see cref="Utf8"/>.</summary>
    public string Text => Encoding.UTF8.GetString(Utf8);

    /// <summary>The items; only for <see cref="IsArray"/>.</summary>
    public ArrayView Items
    {
        get
        {
            Debug.Assert(IsArray);
            return new ArrayView(this);
        }
    }

    /// <summary>The attributes; only for <see cref="IsObject"/>.</summary>
    public ObjectView Attributes
    {
        get
        {
            Debug.Assert(IsObject);
            return new ObjectView(this);
        }
    }

    /// <summary>Reads an attribute of an object. Anything that is no object has none.</summary>
    public bool TryGetAttribute(ReadOnlySpan<byte> name, out Value value)
    {
        if (IsObject)
            return Attributes.TryGet(name, out value);
        value = default;
        return false;
    }

    /// <summary>The attribute's value, or null when this is no object or has no such attribute.</summary>
    public Value GetAttribute(ReadOnlySpan<byte> name) => TryGetAttribute(name, out var value) ? value : default;

    /// <summary>As <see cref="GetAttribute(ReadOnlySpan{byte})"/>, for who asks one object after another for the same name.</summary>
    /// <param name="place">Where it was found last; a guess, which several threads may share. Begin with 0.</param>
    public Value GetAttribute(ReadOnlySpan<byte> name, ref int place)
    {
        if (!IsObject)
            return default;
        Attributes.TryGet(name, ref place, out var value);
        return value;
    }

    /// <summary>The collection a stored document comes from; only for <see cref="IsDocument"/>.</summary>
    public DocumentSource Source
    {
        get
        {
            Debug.Assert(IsDocument);
            return (DocumentSource)_owner!;
        }
    }

    /// <summary>Header and object of a stored document; only for <see cref="IsDocument"/>.</summary>
    public ReadOnlySpan<byte> Record
    {
        get
        {
            Debug.Assert(IsDocument);
            return new ReadOnlySpan<byte>((void*)(nint)_bits, _length);
        }
    }

    /// <summary>A copy that owns its bytes and outlives any snapshot. Values that already do are returned as they are.</summary>
    public Value Detach()
    {
        switch (_form)
        {
            case Form.List:
                WatchedWork.Count(1 + _length);
                var items = (Value[])_owner!;
                var copy = new Value[_length];
                for (var i = 0; i < copy.Length; i++)
                    copy[i] = items[_bits + i].Detach();
                return FromList(copy, copy.Length);
            case Form.Document:
                using (var builder = new ValueBuilder())
                {
                    builder.Write(this);
                    return builder.Build();
                }

            case Form.String or Form.Array or Form.Object when _owner is null:
                return new Value(Window.ToArray(), 0, _length, _form);
            default:
                return this;
        }
    }

    /// <summary>Rough number of bytes this value keeps alive beyond the struct itself; what query memory limits count.</summary>
    public long OwnedBytes => _owner switch
    {
        byte[] => _length,
        Value[] => _length * 24L,
        _ => 0,
    };

    internal bool IsList => _form == Form.List;

    internal ReadOnlySpan<Value> List => ((Value[])_owner!).AsSpan((int)_bits, _length);

    /// <summary>The bytes this value is a window onto: a string's text, or an encoded array or object including its tag.</summary>
    internal ReadOnlySpan<byte> Window
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _owner is null
            ? new ReadOnlySpan<byte>((void*)(nint)_bits, _length)
            : new ReadOnlySpan<byte>(Unsafe.As<byte[]>(_owner), (int)_bits, _length);
    }

    /// <summary>The encoded object of an object or of a stored document.</summary>
    internal ReadOnlySpan<byte> ObjectWindow =>
        _form == Form.Document ? DocumentHeader.Body(Record) : Window;

    /// <summary>The value encoded <paramref name="offset"/> bytes into the object or array this is a window onto.</summary>
    internal Value DecodeInside(int offset)
    {
        var position = _bits + offset;
        if (_form == Form.Document)
            position += DocumentHeader.Size;
        else if (_owner is not null)
            return Decode(ref Unsafe.As<byte[]>(_owner)[position], _owner, position);
        return Decode(ref *(byte*)(nint)position, null, position);
    }

    public bool Equals(Value other) => ValueComparer.Equal(this, other);

    public override bool Equals(object? obj) => obj is Value other && Equals(other);

    public override int GetHashCode() => (int)ValueHasher.Hash(this);

    public static bool operator ==(Value left, Value right) => left.Equals(right);

    public static bool operator !=(Value left, Value right) => !left.Equals(right);

    /// <summary>The value as compact JSON, for messages and debuggers.</summary>
    public override string ToString() => JsonValueWriter.ToJsonString(this);
}
