using System.Globalization;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Requests;

/// <summary>What is kept of a request for each region that carried it out.</summary>
/// <param name="Sequence">The first record of its transaction; 0 when it changed nothing.</param>
/// <param name="Stable">What was stable for its writer.</param>
/// <param name="WireId">Collection of the one document it changed; 0 otherwise.</param>
/// <param name="IsVoid">Whether another region carried it out before, so that its effects here have been or are being taken back.</param>
internal sealed record RequestEntry(
    ChangeOrigin Origin, ulong Sequence, HybridTimestamp Timestamp, HybridTimestamp Stable, UInt128 Digest, ulong WireId, string? Key, bool IsVoid, string? Answer)
{
    public RevisionStamp Stamp => new(Timestamp, Origin.Region);

    public byte[] Write(ReadOnlySpan<byte> storageKey)
    {
        using var builder = new ValueBuilder();
        builder.BeginObject();
        builder.WriteInteger("sequence"u8, (long)Sequence);
        builder.WriteInteger("timestamp"u8, (long)Timestamp.Bits);
        builder.WriteInteger("stable"u8, (long)Stable.Bits);
        if (Digest != 0)
            builder.WriteText("digest"u8, Digest.ToString("x32", CultureInfo.InvariantCulture));
        if (Key is not null)
        {
            builder.WriteInteger("collection"u8, (long)WireId);
            builder.WriteText("key"u8, Key);
        }
        if (IsVoid)
            builder.WriteAttribute("void"u8, Value.True);
        if (Answer is not null)
            builder.WriteText("answer"u8, Answer);
        builder.EndObject();
        return CatalogRecord.Write(storageKey, builder.Build());
    }

    /// <exception cref="Primitives.Errors.GeoFabricException">1100.</exception>
    public static RequestEntry Read(ReadOnlySpan<byte> storageKey, ReadOnlySpan<byte> record)
    {
        var content = CatalogRecord.Read(storageKey, record);
        return new RequestEntry(
            KeyLayout.ReadOriginOfRequest(storageKey),
            (ulong)content.GetAttribute("sequence"u8).Integer,
            new HybridTimestamp((ulong)content.GetAttribute("timestamp"u8).Integer),
            new HybridTimestamp((ulong)content.GetAttribute("stable"u8).Integer),
            content.TryGetAttribute("digest"u8, out var digest) ? UInt128.Parse(digest.Text, NumberStyles.HexNumber, CultureInfo.InvariantCulture) : 0,
            content.TryGetAttribute("collection"u8, out var collection) ? (ulong)collection.Integer : 0,
            content.TryGetAttribute("key"u8, out var key) ? key.Text : null,
            content.TryGetAttribute("void"u8, out _),
            content.TryGetAttribute("answer"u8, out var answer) ? answer.Text : null);
    }
}
