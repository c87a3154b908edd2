using System.Text;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Language.Tests.Properties.Reference;

/// <summary>Collections as lists of documents, without revisions. Copied before a query that writes, so that a failed one leaves nothing.</summary>
internal sealed class ReferenceData
{
    private readonly Dictionary<string, ReferenceCollection> _collections = new(StringComparer.Ordinal);

    public ReferenceData(GeneratedData data)
    {
        foreach (var collection in data.Collections)
            _collections.Add(collection.Name, new ReferenceCollection(collection, [.. collection.Documents.Select(document => Stored(collection.Name, document))]));
    }

    private ReferenceData(ReferenceData source)
    {
        foreach (var (name, collection) in source._collections)
            _collections.Add(name, new ReferenceCollection(collection.Generated, [.. collection.Documents]));
    }

    public ReferenceData Copy() => new(this);

    public IReadOnlyList<Value> Collection(string name) => Target(name).Documents;

    public ReferenceCollection Target(string name) =>
        _collections.TryGetValue(name, out var collection) ? collection : throw Primitives.Errors.ErrorCodes.DataSourceNotFound.With(name);

    /// <summary>The document with an identifier, or null.</summary>
    public Value Find(string id) =>
        id.Split('/') is [var name, var key] && _collections.TryGetValue(name, out var collection) && collection.Find(key) is >= 0 and var at ? collection.Documents[at] : Value.Null;

    /// <summary>Every document of a collection, by key.</summary>
    public QueryOutcome Contents(string name) => new([.. Collection(name).OrderBy(document => ReferenceValues.Attribute(document, "_key"), ReferenceValues.Order)], 0, "", "");

    private static Value Stored(string collection, string json)
    {
        var document = JsonValueReader.Parse(Encoding.UTF8.GetBytes(json));
        var key = ReferenceValues.Attribute(document, "_key");
        return ReferenceValues.Object([("_id", Value.FromString($"{collection}/{key.Text}")), ("_key", key), .. ReferenceValues.Members(document).Where(member => member.Name is not ("_key" or "_id"))]);
    }
}

/// <summary>The documents of one collection, and what it was made from.</summary>
internal sealed record ReferenceCollection(GeneratedCollection Generated, List<Value> Documents)
{
    /// <summary>Takes over documents from elsewhere.</summary>
    public void Reset(IEnumerable<Value> documents)
    {
        Documents.Clear();
        Documents.AddRange(documents);
    }

    public int Find(string key) => Documents.FindIndex(document => ReferenceValues.Attribute(document, "_key").Text == key);
}
