using System.Buffers;
using System.Buffers.Binary;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Verification;

/// <summary>Writes a value so that equal values are equal bytes, however they were stored: attributes by name, numbers by what they are worth.</summary>
internal static class CanonicalBytes
{
    public static void Write(ArrayBufferWriter<byte> target, Value value)
    {
        switch (value.Kind)
        {
            case ValueKind.Boolean:
                Tag(target, value.IsTruthy ? (byte)2 : (byte)1);
                break;
            case ValueKind.Number:
                WriteNumber(target, value);
                break;
            case ValueKind.String:
                Tag(target, 5);
                WriteBytes(target, value.Utf8);
                break;
            case ValueKind.Array:
                Tag(target, 6);
                Number(target, value.Items.Count);
                foreach (var item in value.Items)
                    Write(target, item);
                break;
            case ValueKind.Object:
                WriteObject(target, value);
                break;
            default:
                Tag(target, 0);
                break;
        }
    }

    public static void WriteBytes(ArrayBufferWriter<byte> target, ReadOnlySpan<byte> bytes)
    {
        Number(target, bytes.Length);
        target.Write(bytes);
    }

    private static void WriteNumber(ArrayBufferWriter<byte> target, Value value)
    {
        if (value.IsInteger && (Math.Abs((double)value.Integer) >= 1L << 53))
        {
            Tag(target, 3);
            Number(target, value.Integer);
            return;
        }
        Tag(target, 4);
        // Zero has two forms and one meaning.
        BinaryPrimitives.WriteDoubleLittleEndian(target.GetSpan(8), value.Number == 0 ? 0 : value.Number);
        target.Advance(8);
    }

    private static void WriteObject(ArrayBufferWriter<byte> target, Value value)
    {
        var attributes = new List<(byte[] Name, Value Value)>();
        foreach (var (name, inner) in value.Attributes)
            attributes.Add((name.ToArray(), inner));
        attributes.Sort(static (left, right) => left.Name.AsSpan().SequenceCompareTo(right.Name));
        Tag(target, 7);
        Number(target, attributes.Count);
        foreach (var (name, inner) in attributes)
        {
            WriteBytes(target, name);
            Write(target, inner);
        }
    }

    private static void Tag(ArrayBufferWriter<byte> target, byte tag)
    {
        target.GetSpan(1)[0] = tag;
        target.Advance(1);
    }

    private static void Number(ArrayBufferWriter<byte> target, long number)
    {
        BinaryPrimitives.WriteInt64LittleEndian(target.GetSpan(8), number);
        target.Advance(8);
    }
}
