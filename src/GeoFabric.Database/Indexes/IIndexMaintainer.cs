using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Keys;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Indexes;

/// <summary>Knows which entries a document has in one index. Immutable and shared by readers and the writer.</summary>
internal interface IIndexMaintainer
{
    IndexDefinition Definition { get; }

    /// <summary>Keyspace byte, contents id and index id: how all keys of this index begin.</summary>
    ReadOnlySpan<byte> Prefix { get; }

    /// <summary>Adds the document's entries to <paramref name="entries"/>.</summary>
    /// <param name="fields">Scratch space.</param>
    void Collect(Value document, KeyWriter fields, IIndexEntrySink entries);

    /// <summary>Whether two states of a document certainly have the same entries, with what these tell besides, as far as that can be told without making them.</summary>
    bool HasSameFields(Value left, Value right) => false;

    /// <summary>Writes a value as the field of an entry.</summary>
    void WriteField(KeyWriter fields, Value value) => fields.Write(value);

    /// <summary>What each entry of the document tells besides its fields; empty when that is nothing. As short-lived as the document.</summary>
    ReadOnlySpan<byte> Covered(Value document) => default;
}

/// <summary>Receives the encoded fields of entries.</summary>
internal interface IIndexEntrySink
{
    void Add(ReadOnlySpan<byte> fields);
}
