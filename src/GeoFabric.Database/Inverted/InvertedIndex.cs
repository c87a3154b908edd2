using System.Text;
using GeoFabric.Database.Analysis;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Keys;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Inverted;

/// <summary>Knows which terms a document has in one inverted index. Immutable and shared by readers and the writer.</summary>
internal sealed class InvertedIndex
{
    private readonly byte[] _prefix;
    private readonly Rule _root;
    private readonly byte[][][] _stored;

    public InvertedIndex(IndexDefinition definition, uint contentsId)
    {
        Definition = definition;
        _prefix = KeyLayout.IndexPrefix(contentsId, definition.Id);
        _root = new Rule(definition.Search ?? throw new InvalidDataException($"the inverted index '{definition.Name}' does not say what it is over"));
        _stored = [.. definition.Stored.Fields.Select(field => field.Segments.Select(Encoding.UTF8.GetBytes).ToArray())];
    }

    public IndexDefinition Definition { get; }

    public ReadOnlySpan<byte> Prefix => _prefix;

    /// <summary>Whether it keeps anything of documents beside their terms.</summary>
    public bool StoresValues => _stored.Length > 0;

    /// <summary>Writes what is kept of the document.</summary>
    /// <param name="key">Where it is kept.</param>
    public byte[] WriteStored(ReadOnlySpan<byte> key, Value document)
    {
        using var builder = new ValueBuilder();
        builder.BeginArray();
        foreach (var path in _stored)
        {
            var value = document;
            foreach (var name in path)
                value = value.GetAttribute(name);
            builder.Write(value);
        }
        builder.EndArray();
        return StoredValuesRecord.Write(key, builder.Written);
    }

    /// <summary>Adds the document's terms.</summary>
    public void Collect(Value document, PostingList postings, InvertedScratch scratch)
    {
        scratch.PathSize = 0;
        if (document.IsObject)
            CollectMembers(document, _root, postings, scratch, isDocument: true);
    }

    private static void CollectMembers(Value value, Rule rule, PostingList postings, InvertedScratch scratch, bool isDocument)
    {
        foreach (var (name, member) in value.Attributes)
        {
            var inner = rule.Find(name);
            if (inner is null)
            {
                // Made up of other things, and different at every write: found when it is named.
                if (!rule.IncludesAllFields || (isDocument && (name.SequenceEqual("_rev"u8) || name.SequenceEqual("_id"u8))))
                    continue;
                inner = rule.ForOthers;
            }
            var outer = scratch.PathSize;
            if (scratch.TryEnter(name))
            {
                postings.Add(postings.FieldOf(scratch.Path, "?"u8, hasPositions: false), SearchTerms.TypeOf(member.Kind), 0);
                CollectValue(member, inner, postings, scratch);
            }
            scratch.PathSize = outer;
        }
    }

    private static void CollectValue(Value value, Rule rule, PostingList postings, InvertedScratch scratch)
    {
        switch (value.Kind)
        {
            case ValueKind.Object:
                CollectMembers(value, rule, postings, scratch, isDocument: false);
                break;
            case ValueKind.Array when rule.TracksListPositions:
                CollectPositions(value, rule, postings, scratch);
                break;
            case ValueKind.Array:
                // Items are found under the array's own path.
                foreach (var item in value.Items)
                    CollectValue(item, rule, postings, scratch);
                break;
            case ValueKind.String:
                foreach (var (name, analyzer) in rule.Analyzers)
                {
                    scratch.Tokens.Clear();
                    analyzer.Analyze(value.Utf8, scratch.Tokens);
                    postings.Add(postings.FieldOf(scratch.Path, name, analyzer.HasPositions), scratch.Tokens);
                }
                break;
            default:
                scratch.Value.Clear();
                scratch.Value.Write(value);
                postings.Add(postings.FieldOf(scratch.Path, default, hasPositions: false), scratch.Value.Written, 0);
                break;
        }
    }

    /// <summary>Every item has a path of its own.</summary>
    private static void CollectPositions(Value array, Rule rule, PostingList postings, InvertedScratch scratch)
    {
        var position = 0;
        foreach (var item in array.Items)
        {
            var outer = scratch.PathSize;
            if (scratch.TryEnter(SearchPath.EncodePosition(position++)))
            {
                postings.Add(postings.FieldOf(scratch.Path, "?"u8, hasPositions: false), SearchTerms.TypeOf(item.Kind), 0);
                CollectValue(item, rule, postings, scratch);
            }
            scratch.PathSize = outer;
        }
    }

    /// <summary>What holds for an attribute, with names and analyzers at hand.</summary>
    private sealed class Rule
    {
        private readonly (byte[] Name, Rule Rule)[] _fields;

        public Rule(SearchField field)
        {
            Analyzers = [.. field.Analyzers.Select(analyzer => (Encoding.UTF8.GetBytes(analyzer.Name), analyzer.Instance))];
            IncludesAllFields = field.IncludesAllFields;
            TracksListPositions = field.TracksListPositions;
            _fields = [.. field.Fields.Select(inner => (Encoding.UTF8.GetBytes(inner.Key), new Rule(inner.Value)))];
            ForOthers = _fields.Length == 0 && IncludesAllFields ? this : new Rule(Analyzers, TracksListPositions);
        }

        private Rule((byte[] Name, Analyzer Analyzer)[] analyzers, bool tracksListPositions)
        {
            TracksListPositions = tracksListPositions;
            Analyzers = analyzers;
            IncludesAllFields = true;
            _fields = [];
            ForOthers = this;
        }

        public (byte[] Name, Analyzer Analyzer)[] Analyzers { get; }

        public bool IncludesAllFields { get; }

        public bool TracksListPositions { get; }

        /// <summary>The rule of attributes inside that are not named, when all are included.</summary>
        public Rule ForOthers { get; }

        public Rule? Find(ReadOnlySpan<byte> name)
        {
            foreach (var (known, rule) in _fields)
            {
                if (name.SequenceEqual(known))
                    return rule;
            }
            return null;
        }
    }
}

/// <summary>What collecting terms needs beside the postings. Belongs to one thread.</summary>
internal sealed class InvertedScratch
{
    private readonly byte[] _path = new byte[InvertedKeys.PathSizeMax];

    public TokenList Tokens { get; } = new();

    public KeyWriter Value { get; } = new();

    public int PathSize { get; set; }

    public ReadOnlySpan<byte> Path => _path.AsSpan(0, PathSize);

    /// <summary>Goes down to an attribute; names are joined by the byte 00, which no end mark is mistaken for because it is written as two.</summary>
    /// <returns><see langword="false"/> when the path would be too long: nothing down there is found.</returns>
    public bool TryEnter(ReadOnlySpan<byte> name)
    {
        var size = PathSize + (PathSize > 0 ? 1 : 0) + name.Length;
        if (size > _path.Length)
            return false;
        if (PathSize > 0)
            _path[PathSize] = 0;
        name.CopyTo(_path.AsSpan(size - name.Length));
        // Written out, some bytes take two.
        if (InvertedKeys.EscapedSize(_path.AsSpan(0, size)) > InvertedKeys.PathSizeMax)
            return false;
        PathSize = size;
        return true;
    }
}
