using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;
using GeoFabric.Database.Layout;
using GeoFabric.Database.Transactions;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Salvage;

/// <summary>
/// How far a removed region's log has been taken over: a document of the collection <c>_salvages</c>, which goes to all regions with what was taken over,
/// so that it does not matter which of them is asked to go on.
/// </summary>
/// <param name="Position">The last record taken over, with what the region had applied of others when it wrote it.</param>
internal sealed record SalvageMark(AppliedPosition Position, SalvageCounts Counts)
{
    private static string KeyOf(SalvageSource source) => $"{source.Region}.{source.Origin.Incarnation.ToString(CultureInfo.InvariantCulture)}";

    /// <returns>Null when nothing has been taken over.</returns>
    public static SalvageMark? Find(IFabricReader reader, SalvageSource source)
    {
        if (!reader.Catalog.TryGetCollection(CollectionDefinition.SalvagesName, out var collection)
            || !reader.TryGetDocument(collection, Encoding.UTF8.GetBytes(KeyOf(source)), out var document))
            return null;
        var seen = ImmutableSortedDictionary.CreateBuilder<ushort, HybridTimestamp>();
        foreach (var (region, timestamp) in document.GetAttribute("seen"u8).Attributes)
            seen[ushort.Parse(region, CultureInfo.InvariantCulture)] = new HybridTimestamp((ulong)timestamp.Integer);
        return new SalvageMark(
            new AppliedPosition(
                source.Origin, Number(document, "through"u8), new HybridTimestamp(Number(document, "timestamp"u8)), seen.ToImmutable()),
            new SalvageCounts
            {
                Taken = (long)Number(document, "taken"u8),
                Known = (long)Number(document, "known"u8),
                Superseded = (long)Number(document, "superseded"u8),
                Journalled = (long)Number(document, "journalled"u8),
                Left = (long)Number(document, "left"u8),
            });
    }

    public void Store(FabricTransaction transaction, SalvageSource source)
    {
        if (!transaction.Catalog.TryGetCollection(CollectionDefinition.SalvagesName, out var collection))
            collection = CatalogOperations.CreateCollection(transaction, new CollectionSettings(CollectionDefinition.SalvagesName, CollectionType.Document) { IsSystem = true });
        transaction.Insert(collection, Describe(source), new InsertOptions(OverwriteMode.Replace));
    }

    private Value Describe(SalvageSource source)
    {
        using var builder = new ValueBuilder();
        builder.BeginObject();
        builder.WriteText("_key"u8, KeyOf(source));
        builder.WriteText("region"u8, source.Region);
        builder.WriteInteger("incarnation"u8, source.Origin.Incarnation);
        builder.WriteInteger("end"u8, (long)source.End);
        builder.WriteInteger("through"u8, (long)Position.Sequence);
        builder.WriteInteger("timestamp"u8, (long)Position.Timestamp.Bits);
        builder.WriteInteger("taken"u8, Counts.Taken);
        builder.WriteInteger("known"u8, Counts.Known);
        builder.WriteInteger("superseded"u8, Counts.Superseded);
        builder.WriteInteger("journalled"u8, Counts.Journalled);
        builder.WriteInteger("left"u8, Counts.Left);
        builder.WriteName("seen"u8);
        builder.BeginObject();
        foreach (var (region, timestamp) in Position.Context)
            builder.WriteInteger(Encoding.UTF8.GetBytes(region.ToString(CultureInfo.InvariantCulture)), (long)timestamp.Bits);
        builder.EndObject();
        builder.EndObject();
        return builder.Build();
    }

    private static ulong Number(Value document, ReadOnlySpan<byte> name) => (ulong)document.GetAttribute(name).Integer;
}
