using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Primitives.Keys;

/// <summary>Reads back what <see cref="KeyWriter"/> wrote, field by field. Values equal those written; whole numbers come back as integers.</summary>
public ref struct KeyReader(ReadOnlySpan<byte> key)
{
    private readonly ReadOnlySpan<byte> _key = key;

    public int Position { get; private set; }

    public readonly ReadOnlySpan<byte> Rest => _key[Position..];

    /// <summary>Reads the next field.</summary>
    public Value Read()
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        switch (_key[Position++])
        {
            case KeyTag.Null: return Value.Null;
            case KeyTag.False: return Value.False;
            case KeyTag.True: return Value.True;
            case KeyTag.Number: return ReadNumber();
            case KeyTag.String:
                Position += _key[Position..].IndexOf((byte)0) + 1;
                return Value.FromUtf8(ReadEscaped(0));
            case KeyTag.Array: return ReadArray();
            case KeyTag.Object: return ReadObject();
            default: throw new UnreachableException("An index key holds an unknown tag.");
        }
    }

    /// <summary>Passes over the next field without building it.</summary>
    public void Skip()
    {
        switch (_key[Position])
        {
            case KeyTag.Number:
                Position += 11;
                break;
            case KeyTag.String:
                Position++;
                Position += _key[Position..].IndexOf((byte)0) + 1;
                Position += _key[Position..].IndexOf("\0\u0001"u8) + 2;
                break;
            default:
                Read();
                break;
        }
    }

    private Value ReadNumber()
    {
        var bits = BinaryPrimitives.ReadUInt64BigEndian(_key[Position..]);
        var residue = BinaryPrimitives.ReadUInt16BigEndian(_key[(Position + 8)..]) - 0x8000;
        Position += 10;
        var number = BitConverter.UInt64BitsToDouble((bits & (1UL << 63)) != 0 ? bits & ~(1UL << 63) : ~bits);
        if (number >= 9223372036854775808.0)
            return residue == 0 ? Value.FromDouble(number) : Value.FromInteger(long.MaxValue + (residue + 1));
        return number >= -9223372036854775808.0 && number == Math.Floor(number)
            ? Value.FromInteger((long)number + residue)
            : Value.FromDouble(number);
    }

    private byte[] ReadEscaped(byte invert)
    {
        // Hardly any text holds the byte that is escaped.
        if (invert == 0)
        {
            var end = _key[Position..].IndexOf((byte)0);
            if (_key[Position + end + 1] == 1)
            {
                var text = _key.Slice(Position, end).ToArray();
                Position += end + 2;
                return text;
            }
        }
        var bytes = new List<byte>();
        while (true)
        {
            var b = (byte)(_key[Position++] ^ invert);
            if (b == 0)
            {
                var next = (byte)(_key[Position++] ^ invert);
                if (next == 1)
                    return [.. bytes];
            }
            bytes.Add(b);
        }
    }

    private Value ReadArray()
    {
        var items = new List<Value>();
        while (_key[Position] != KeyTag.End)
            items.Add(Read());
        Position++;
        return Value.FromList(items);
    }

    private Value ReadObject()
    {
        using var builder = new ValueBuilder();
        builder.BeginObject();
        while (_key[Position] != KeyTag.End)
        {
            Position++;
            builder.WriteName(ReadEscaped(0xFF));
            builder.Write(Read());
        }
        Position++;
        builder.EndObject();
        return builder.Build();
    }
}
