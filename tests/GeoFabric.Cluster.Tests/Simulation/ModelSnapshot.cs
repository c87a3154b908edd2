using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Replication.Frames;
using GeoFabric.Replication.Membership;
using GeoFabric.Replication.Protocol;

namespace GeoFabric.Cluster.Tests.Simulation;

/// <summary>The pieces of a snapshot a replica has received, and which operations they already hold.</summary>
/// <param name="begun">What stays as it is.</param>
/// <param name="keptAt">The vector at which it stands.</param>
/// <param name="earlier">The one that was installed and not caught up with when this one began: what is kept stands as that one left it.</param>
internal sealed class ModelSnapshot(SnapshotBegun begun, AppliedVector keptAt, ModelSnapshot? earlier)
{
    private readonly List<(ModelKey? After, ModelKey? Through, SnapshotPiece Piece)> _pieces = [];
    private readonly List<OriginContexts> _contexts = [];

    public ReadOnlyMemory<byte> NextToken => _pieces.Count == 0 ? default : _pieces[^1].Piece.NextToken;

    public SnapshotBegun Begun => begun;

    public ModelSnapshot? Earlier => earlier;

    public List<(ModelKey Key, ModelDocument Document)> Documents { get; } = [];

    /// <summary>Stamps up to here may be missing from some document.</summary>
    public HybridTimestamp Stable => _pieces.Max(piece => piece.Piece.Stable);

    public AppliedVector Target => _pieces.Aggregate(AppliedVector.Empty, (target, piece) => target.Join(piece.Piece.Applied));

    /// <summary>For each region the least of what the pieces had applied.</summary>
    public AppliedVector First => AppliedVector.Of(Target.Positions.Select(position => Least(position.Region).Piece.Applied[position.Region]).Where(position => position.Sequence > 0 || position.Incarnation > 0));

    /// <summary>For each region what its last record at that least position had observed.</summary>
    public OriginContexts Contexts
    {
        get
        {
            var contexts = new OriginContexts();
            foreach (var position in Target)
                contexts.Take(position.Region, _contexts[_pieces.IndexOf(Least(position.Region))]);
            return contexts;
        }
    }

    public static SnapshotPiece Read(
        IEnumerable<KeyValuePair<ModelKey, ModelDocument>> documents, ReadOnlyMemory<byte> token, int keys, AppliedVector applied, HybridTimestamp stable, OriginContexts contexts)
    {
        ModelKey? after = token.IsEmpty ? null : ReadKey(token);
        var piece = documents.Where(entry => after is not { } key || entry.Key.CompareTo(key) > 0).Take(keys + 1).ToList();
        var isLast = piece.Count <= keys;
        var taken = isLast ? piece : piece[..keys];
        var writer = new FrameWriter(1024);
        contexts.Write(writer);
        writer.Number((ulong)taken.Count);
        foreach (var (key, document) in taken)
        {
            WriteKey(writer, key);
            document.Write(writer);
        }
        var next = new FrameWriter(16);
        if (!isLast)
            WriteKey(next, taken[^1].Key);
        return new SnapshotPiece(token, next.Written.ToArray(), applied, stable, writer.Written.ToArray());
    }

    public void Store(SnapshotPiece piece)
    {
        _pieces.Add((piece.Token.IsEmpty ? null : ReadKey(piece.Token), piece.IsLast ? null : ReadKey(piece.NextToken), piece));
        var reader = new FrameReader(piece.Content);
        _contexts.Add(OriginContexts.Read(ref reader));
        for (var count = reader.Number(); count > 0; count--)
            Documents.Add((ReadKey(ref reader), ModelDocument.Read(ref reader)));
    }

    /// <summary>Whether the state of a document already has what a record did to it.</summary>
    public bool Holds(ModelKey key, in ChangeRecordHeader header)
    {
        var isKept = begun.KeptScopes.Contains(key.Scope);
        if (isKept && earlier?.Holds(key, header) == true)
            return true;
        var vector = isKept ? keptAt : _pieces.Find(piece => IsBetween(key, piece.After, piece.Through)).Piece.Applied;
        return !vector[header.Origin.Region].IsBehind(new OriginPosition(header.Origin.Region, header.Origin.Incarnation, header.LastSequence, default));
    }

    private static bool IsBetween(ModelKey key, ModelKey? after, ModelKey? through) =>
        (after is not { } low || key.CompareTo(low) > 0) && (through is not { } high || key.CompareTo(high) <= 0);

    private (ModelKey? After, ModelKey? Through, SnapshotPiece Piece) Least(ushort region) =>
        _pieces.Aggregate((least, piece) => piece.Piece.Applied[region].IsBehind(least.Piece.Applied[region]) ? piece : least);

    private static void WriteKey(FrameWriter writer, ModelKey key)
    {
        writer.Byte((byte)key.Kind);
        writer.Number((ulong)key.Number);
        writer.Number(key.Scope);
    }

    private static ModelKey ReadKey(ReadOnlyMemory<byte> token)
    {
        var reader = new FrameReader(token);
        return ReadKey(ref reader);
    }

    private static ModelKey ReadKey(ref FrameReader reader)
    {
        var kind = (ModelKind)reader.Byte();
        var number = (int)reader.Number();
        return new ModelKey(kind, number, reader.Number());
    }
}
