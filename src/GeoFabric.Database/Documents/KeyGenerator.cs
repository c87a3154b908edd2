using System.Buffers.Text;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Errors;
using GeoFabric.Storage;

namespace GeoFabric.Database.Documents;

/// <summary>Makes keys for documents that come without one. What it hands out is stored with the transaction, so no key is ever made twice.</summary>
internal static class KeyGenerator
{
    /// <summary>Keys beyond this are not followed: a client that brings a huge number as key must not use the generator up.</summary>
    private const ulong FollowedMax = 1UL << 62;

    public const int LengthMax = 20;

    /// <summary>With regions, each makes the numbers that leave its own id when divided by this, so that no two ever make the same.</summary>
    public const ushort RegionStride = 1024;

    /// <summary>Writes the next key as decimal digits.</summary>
    /// <param name="region">0 for a server without regions.</param>
    /// <returns>The key's length.</returns>
    public static int Next(IWriteTransaction storage, ref FabricStateRecord state, CollectionDefinition collection, ushort region, Span<byte> destination)
    {
        ulong number;
        if (IsAutoincrement(collection))
            number = NextOfCollection(storage, collection, region);
        else if (region == 0)
            number = ++state.LastKey;
        else
            number = state.LastKey = NextOfRegion(state.LastKey, region);
        Utf8Formatter.TryFormat(number, destination, out var length);
        return length;
    }

    /// <summary>Moves the generator past a number that a client brought as key.</summary>
    public static void Observe(IWriteTransaction storage, ref FabricStateRecord state, CollectionDefinition collection, ReadOnlySpan<byte> key)
    {
        if (!Utf8Parser.TryParse(key, out ulong number, out var length) || length != key.Length || number > FollowedMax)
            return;
        if (!IsAutoincrement(collection))
            state.LastKey = Math.Max(state.LastKey, number);
        else if (number > Last(storage, collection))
            Store(storage, collection, number);
    }

    private static bool IsAutoincrement(CollectionDefinition collection) => collection.KeyOptions.Type == "autoincrement";

    private static ulong NextOfRegion(ulong last, ushort region)
    {
        var next = last - (last % RegionStride) + region;
        return next > last ? next : next + RegionStride;
    }

    private static ulong NextOfCollection(IWriteTransaction storage, CollectionDefinition collection, ushort region)
    {
        var last = Last(storage, collection);
        var offset = (ulong)collection.KeyOptions.Offset;
        var increment = (ulong)collection.KeyOptions.Increment;
        var next = last < offset ? offset : last + increment - ((last - offset) % increment);
        // The step keeps its rhythm; only every stride-th of its numbers is this region's.
        if (region != 0)
            next = offset + (increment * NextOfRegion((next - offset) / increment, region));
        if (next > long.MaxValue)
            throw ErrorCodes.DocumentKeyBad.With($"the key generator of collection '{collection.Name}' is used up");
        Store(storage, collection, next);
        return next;
    }

    private static ulong Last(IWriteTransaction storage, CollectionDefinition collection)
    {
        Span<long> last = stackalloc long[1];
        storage.TryGet(KeyLayout.KeyGeneratorKey(collection.Id), out var record);
        CounterRecord.Read(record, last);
        return (ulong)last[0];
    }

    private static void Store(IWriteTransaction storage, CollectionDefinition collection, ulong last)
    {
        Span<byte> record = stackalloc byte[CounterRecord.SizeOf(1)];
        CounterRecord.Write(record, [(long)last]);
        storage.Put(KeyLayout.KeyGeneratorKey(collection.Id), record);
    }
}
