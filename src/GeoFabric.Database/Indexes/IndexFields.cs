using System.Buffers.Binary;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Hashing;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Indexes;

/// <summary>The stored form of encoded fields: whole when they fit, else cut and followed by a hash of the whole.</summary>
/// <remarks>
/// No encoding is the beginning of another one, so a cut entry never shares all its kept bytes with a whole one: order between the two kinds is
/// exact. Only among entries cut after the same bytes is it the hash's.
/// </remarks>
internal static class IndexFields
{
    public static bool IsTooLong(ReadOnlySpan<byte> fields) => fields.Length > KeyLayout.IndexFieldsSizeMax;

    public static int StoredSize(ReadOnlySpan<byte> fields) =>
        IsTooLong(fields) ? KeyLayout.IndexFieldsSizeMax + KeyLayout.IndexHashSize : fields.Length;

    public static void Write(Span<byte> destination, ReadOnlySpan<byte> fields)
    {
        if (!IsTooLong(fields))
        {
            fields.CopyTo(destination);
            return;
        }
        fields[..KeyLayout.IndexFieldsSizeMax].CopyTo(destination);
        BinaryPrimitives.WriteUInt64BigEndian(destination[KeyLayout.IndexFieldsSizeMax..], XxHash64.Hash(fields));
    }

    /// <summary>The value at a path; null where there is none.</summary>
    public static Value Walk(Value value, ReadOnlySpan<byte[]> names)
    {
        foreach (var name in names)
            value = value.GetAttribute(name);
        return value;
    }

    /// <summary>Whether two values are encoded alike. Arrays and objects are not looked into: they count as different.</summary>
    public static bool AreSame(Value left, Value right) => !left.IsArray && !left.IsObject && ValueComparer.Equal(left, right);

    /// <summary>The part of a stored form that also orders: without the hash.</summary>
    public static ReadOnlySpan<byte> Kept(ReadOnlySpan<byte> fields) => IsTooLong(fields) ? fields[..KeyLayout.IndexFieldsSizeMax] : fields;
}
