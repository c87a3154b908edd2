using System.Collections.Immutable;
using System.Text;
using GeoFabric.Database;
using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Names;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Logical;
using GeoFabric.Query.Syntax;
using GeoFabric.Storage;

namespace GeoFabric.Query.Physical.Graphs;

/// <summary>
/// A graph as one walk sees it: vertices and edges have numbers, steps come from the edge indexes, documents are read when they are asked for and
/// once only.
/// </summary>
/// <param name="numbersEdges">Whether steps tell their edges. Whoever neither shows nor tells apart edges spares their table.</param>
internal sealed class GraphReader(QueryContext context, GraphSource source, TraversalOptions options, bool numbersEdges) : IDisposable
{
    /// <summary>The keys that are being asked for, and the answers; of no use between calls.</summary>
    [ThreadStatic]
    private static KeyBatch? s_asked;

    [ThreadStatic]
    private static bool[]? s_areThere;

    [ThreadStatic]
    private static Value[]? s_documents;

    private readonly byte[]? _weightName = options.WeightAttribute is null ? null : Encoding.UTF8.GetBytes(options.WeightAttribute);
    private readonly List<VertexCollection> _collections = [];
    private List<int>? _missing;
    private byte[]? _edgeName;
    private MemoryShare? _memory;
    private IdTable? _vertices;
    private IdTable? _edges;
    private NumberedList<Held>? _vertexDocuments;
    private NumberedList<Held>? _edgeDocuments;
    private Leg[]? _forward;
    private Leg[]? _backward;
    private Leg[] _legs = [];

    public MemoryShare Memory => _memory ??= new MemoryShare(context);

    public IdTable Vertices => _vertices ??= new IdTable(Memory);

    private IdTable Edges => _edges ??= new IdTable(Memory);

    /// <summary>Walks along the directions of the query.</summary>
    public void LookForward() => _legs = _forward ??= OpenLegs(isReversed: false);

    /// <summary>Walks against the directions of the query.</summary>
    public void LookBackward() => _legs = _backward ??= OpenLegs(isReversed: true);

    /// <summary>
    /// The vertex that a query names, as an <c>_id</c> or a document. Anything that can name none is warned about (10); a vertex that does not exist
    /// is no error. One without a document exists by the edges that lead on from it, as on the way, where it is null.
    /// </summary>
    /// <param name="isTarget">Whether the walk ends there, so that edges lead on against its directions.</param>
    public bool TryFindVertex(Value named, bool isTarget, out int vertex)
    {
        vertex = -1;
        var id = named;
        if (named.IsObject && !named.TryGetAttribute("_id"u8, out id))
            return false;
        if (!id.IsString || !id.Utf8.Contains((byte)'/'))
        {
            context.Warn(ErrorCodes.BadParameter, $"{Shown(named)} is no vertex; it takes a document or its _id");
            return false;
        }
        if (!DocumentHandle.TrySplit(id.Utf8, out ReadOnlySpan<byte> _, out _))
            return false;
        vertex = Vertices.Intern(id.Utf8);
        return Exists(vertex) || LeadsOn(vertex, isTarget ? _backward ??= OpenLegs(isReversed: true) : _forward ??= OpenLegs(isReversed: false));
    }

    /// <summary>Reads the next page of steps into an expansion.</summary>
    /// <returns>False when there are no more.</returns>
    public bool ReadPage(Expansion expansion)
    {
        context.ThrowIfStopped();
        while (expansion.Leg < _legs.Length)
        {
            var leg = _legs[expansion.Leg];
            var vertex = Vertices[expansion.Vertex];
            context.Statistics.CursorsRearmed++;
            if (expansion.Position.IsEmpty)
                leg.Cursor.Seek(vertex);
            else
                leg.Cursor.SeekBehind(vertex, expansion.Position);
            while (!expansion.IsPageFull)
            {
                if (!leg.Cursor.MoveNext())
                {
                    expansion.EndLeg();
                    break;
                }
                var other = Vertices.Intern(leg.Cursor.OtherEnd);
                // Both legs of ANY find an edge from a vertex to itself.
                if (!(leg.SkipsLoops && other == expansion.Vertex))
                    expansion.Add(new Step(other, numbersEdges ? Number(leg) : -1), Memory);
                context.Statistics.ScannedIndex++;
            }
            if (!expansion.IsPageFull)
                continue;
            expansion.Pause(leg.Cursor.Position);
            return true;
        }
        return expansion.HasSteps;
    }

    /// <summary>The document of a vertex; null when there is none.</summary>
    public Value Vertex(int vertex)
    {
        ref var held = ref (_vertexDocuments ??= new NumberedList<Held>(Memory))[vertex];
        if (!held.IsRead)
            held = new Held(ReadVertex(vertex), true);
        return held.Document;
    }

    /// <summary>Reads the documents of vertices that are going to be asked for, as many at a time as lie in one collection.</summary>
    public void ReadVertices(ReadOnlySpan<int> vertices)
    {
        if (vertices.Length < 2)
            return;
        var held = _vertexDocuments ??= new NumberedList<Held>(Memory);
        var asked = s_asked ??= new KeyBatch();
        var missing = _missing ??= [];
        VertexCollection? collection = null;
        missing.Clear();
        asked.Clear();
        foreach (var vertex in vertices)
        {
            if (held[vertex].IsRead)
                continue;
            var id = Vertices[vertex];
            if (collection?.Holds(id) != true)
            {
                ReadMissing(collection);
                collection = FindCollection(id);
            }
            missing.Add(vertex);
            asked.Add(id[(collection.Name.Length + 1)..]);
        }
        ReadMissing(collection);

        void ReadMissing(VertexCollection? collection)
        {
            // One at a time is as quick, and those that come twice are read once.
            if (missing.Count > 1 && collection?.Definition is { } definition)
            {
                if (s_documents is not { } documents || documents.Length < missing.Count)
                    documents = s_documents = new Value[missing.Count * 2];
                context.Reader.GetDocuments(definition, asked, documents.AsSpan(0, missing.Count));
                for (var i = 0; i < missing.Count; i++)
                {
                    context.Statistics.DocumentLookups += held[missing[i]].IsRead ? 0 : 1;
                    held[missing[i]] = new Held(documents[i], true);
                }
                documents.AsSpan(0, missing.Count).Clear();
            }
            missing.Clear();
            asked.Clear();
        }
    }

    /// <summary>Sets the variables for a vertex of which no more than its name is read. As of a document: null when there is none.</summary>
    public void WriteIdentity(Span<Value> row, PathNode node, int vertex)
    {
        if (node.NeedsIdentity)
            WriteIdentity(row, node, Exists(vertex) ? Vertices[vertex] : default);
    }

    /// <summary>The same for one vertex of each row, from a row on. They are asked for together, as many at a time as lie in one collection.</summary>
    public void WriteIdentities(RowBatch rows, int first, PathNode node, ReadOnlySpan<int> vertices)
    {
        var asked = s_asked ??= new KeyBatch();
        for (var from = 0; from < vertices.Length;)
        {
            var collection = FindCollection(Vertices[vertices[from]]);
            asked.Clear();
            var until = from;
            for (; until < vertices.Length && Vertices[vertices[until]] is var id && collection.Holds(id); until++)
                asked.Add(id[(collection.Name.Length + 1)..]);
            if (s_areThere is not { } areThere || areThere.Length < asked.Count)
                areThere = s_areThere = new bool[asked.Count * 2];
            if (collection.Definition is null)
                areThere.AsSpan(0, asked.Count).Clear();
            else
                context.Reader.ContainsDocuments(collection.Definition, asked, areThere);
            for (var i = from; i < until; i++)
                WriteIdentity(rows[first + i], node, areThere[i - from] ? Vertices[vertices[i]] : default);
            from = until;
        }
    }

    private static void WriteIdentity(Span<Value> row, PathNode node, ReadOnlySpan<byte> id)
    {
        if (node.VertexId is not null)
            row[node.VertexId.Slot] = id.IsEmpty ? default : Value.FromUtf8(id);
        if (node.VertexKey is not null)
            row[node.VertexKey.Slot] = id.IsEmpty ? default : Value.FromUtf8(id[(id.IndexOf((byte)'/') + 1)..]);
    }

    /// <summary>The document of an edge; null for -1, which stands for none.</summary>
    public Value Edge(int edge)
    {
        if (edge < 0)
            return Value.Null;
        ref var held = ref (_edgeDocuments ??= new NumberedList<Held>(Memory))[edge];
        if (!held.IsRead)
            held = new Held(ReadEdge(Edges[edge]), true);
        return held.Document;
    }

    /// <summary>Whether the options let a walk come to a vertex.</summary>
    public bool IsAllowed(int vertex) => options.VertexCollections.IsEmpty || FindCollection(Vertices[vertex]).IsAllowed;

    /// <summary>The weight of an edge: its attribute when that is a number, else the default.</summary>
    /// <exception cref="GeoFabricException">1948 when it is negative.</exception>
    public double Weight(int edge)
    {
        var weight = options.DefaultWeight;
        if (_weightName is not null && Edge(edge).GetAttribute(_weightName) is { IsNumber: true } number)
            weight = number.Number;
        return weight >= 0
            ? weight
            : throw ErrorCodes.NegativeEdgeWeight.With($"{weight} at edge {Edge(edge).GetAttribute("_id"u8)}; weights are 0 or more");
    }

    /// <summary>Forgets vertices and edges, and gives their memory back.</summary>
    public void Reset()
    {
        _vertices?.Dispose();
        _edges?.Dispose();
        _vertexDocuments?.Dispose();
        _edgeDocuments?.Dispose();
        _memory?.ReleaseAll();
    }

    public void Dispose()
    {
        Reset();
        foreach (var leg in (Leg[])[.. _forward ?? [], .. _backward ?? []])
            leg.Cursor.Dispose();
        _forward = null;
        _backward = null;
        _legs = [];
    }

    /// <summary>An edge's number: of its collection's position in the graph and its key.</summary>
    private int Number(Leg leg)
    {
        var key = leg.Cursor.EdgeKey;
        _edgeName ??= new byte[1 + DocumentKey.LengthMax];
        _edgeName[0] = leg.Edges;
        key.CopyTo(_edgeName.AsSpan(1));
        return Edges.Intern(_edgeName.AsSpan(0, 1 + key.Length));
    }

    private Value ReadEdge(ReadOnlySpan<byte> name)
    {
        var collection = context.Reader.Catalog.GetCollection(source.Edges[name[0]].Collection.Name);
        context.Statistics.DocumentLookups++;
        return context.Reader.TryGetDocument(collection, name[1..], out var document) ? document : default;
    }

    private bool Exists(int vertex) => CollectionOf(vertex, out var key) is { } collection && context.Reader.ContainsDocument(collection, key);

    /// <summary>Where the document of a vertex would lie; null when there is no such collection.</summary>
    private CollectionDefinition? CollectionOf(int vertex, out ReadOnlySpan<byte> key)
    {
        var id = Vertices[vertex];
        var collection = FindCollection(id);
        key = id[(collection.Name.Length + 1)..];
        return collection.Definition;
    }

    private bool LeadsOn(int vertex, Leg[] legs)
    {
        foreach (var leg in legs)
        {
            leg.Cursor.Seek(Vertices[vertex]);
            if (leg.Cursor.MoveNext())
                return true;
        }
        return false;
    }

    private Value ReadVertex(int vertex)
    {
        context.Statistics.DocumentLookups++;
        return CollectionOf(vertex, out var key) is { } collection && context.Reader.TryGetDocument(collection, key, out var document) ? document : default;
    }

    private VertexCollection FindCollection(ReadOnlySpan<byte> id)
    {
        foreach (var known in _collections)
        {
            if (known.Holds(id))
                return known;
        }
        var name = id[..id.IndexOf((byte)'/')];
        var text = Encoding.UTF8.GetString(name);
        context.Reader.Catalog.TryGetCollection(text, out var definition);
        _collections.Add(new VertexCollection(name.ToArray(), definition, options.VertexCollections.Contains(text)));
        return _collections[^1];
    }

    private Leg[] OpenLegs(bool isReversed)
    {
        var legs = ImmutableArray.CreateBuilder<Leg>();
        for (var i = 0; i < source.Edges.Length; i++)
        {
            var edges = context.Reader.Catalog.GetCollection(source.Edges[i].Collection.Name);
            var direction = source.Edges[i].Direction;
            var isAny = direction == EdgeDirection.Any;
            if (isAny || direction == EdgeDirection.Outbound != isReversed)
                legs.Add(new Leg(context.Reader.OpenEdges(edges, isInbound: false), (byte)i, SkipsLoops: false));
            if (isAny || direction == EdgeDirection.Inbound != isReversed)
                legs.Add(new Leg(context.Reader.OpenEdges(edges, isInbound: true), (byte)i, SkipsLoops: isAny));
        }
        context.Statistics.CursorsCreated += legs.Count;
        return legs.ToArray();
    }

    private static string Shown(Value value) => value.IsString ? $"'{value.Text}'" : $"a value of type {value.Kind.ToString().ToLowerInvariant()}";

    private readonly record struct Held(Value Document, bool IsRead);

    private readonly record struct Leg(IEdgeCursor Cursor, byte Edges, bool SkipsLoops);

    private sealed record VertexCollection(byte[] Name, CollectionDefinition? Definition, bool IsAllowed)
    {
        /// <summary>Whether an id begins with the collection's name and a slash.</summary>
        public bool Holds(ReadOnlySpan<byte> id) => id.Length > Name.Length && id[Name.Length] == '/' && id.StartsWith(Name);
    }
}
