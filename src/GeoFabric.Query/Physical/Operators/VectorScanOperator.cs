using GeoFabric.Database;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Indexes;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Builtins;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Physical.Operators;

/// <summary>Documents of the lists of vector indexes that are nearest to a vector, list by list or nearest first, with how near each is.</summary>
internal sealed class VectorScanOperator(QueryContext context, PhysicalOperator input, VectorIndexNode node) : FanOutOperator(context, input)
{
    private const int StepsBetweenChecks = 256;

    private readonly VectorLists[] _indexes = [.. node.Sources.Select(source => new VectorLists(source.Index))];
    private readonly int _slot = node.Variable.Slot;
    private readonly int _scoreSlot = node.Score.Slot;

    // What is left to read: an index and one of its lists.
    private readonly Queue<(int Source, int List)> _lists = [];
    private CollectionDefinition[] _collections = [];
    private double[] _target = [];
    private double[] _vector = [];
    private int _source;
    private int _steps;
    private IDocumentCursor? _cursor;

    // Where documents come nearest first: which are left, once all entries have been looked at.
    private NearestEntries? _nearest;

    protected override void OpenSource(Span<Value> row)
    {
        _collections = [.. node.Sources.Select(source => Context.Reader.Catalog.GetCollection(source.Collection.Name))];
        var target = node.Target.Evaluate(Context, row);
        _target = new double[target.IsArray ? target.Items.Count : 0];
        _vector = new double[_target.Length];
        _lists.Clear();
        for (var i = 0; i < _indexes.Length; i++)
        {
            // Collections of a view may have vectors of different lengths.
            if (!_indexes[i].TryReadVector(target, _target))
                continue;
            foreach (var list in _indexes[i].Rank(_target, ReadProbes(row, _indexes[i].Settings)))
                _lists.Enqueue((i, list));
        }
        if (_lists.Count > 0)
            return;
        var lengths = string.Join(" or ", _indexes.Select(index => index.Settings.Dimension).Distinct().Order());
        throw ErrorCodes.FunctionArgumentTypeMismatch.With(
            $"the vector to be near to must have {lengths} numbers{(node.Index.Vector!.Metric == VectorSettings.Cosine ? ", not all of them 0" : "")}, as those of {(node.View is null ? $"index '{node.Index.Name}'" : $"view '{node.View}'")} have");
    }

    protected override bool Fill(RowBatch batch, Span<Value> row)
    {
        if (node.Reached is not null)
            return FillNearestFirst(batch, row, node.Reached.Slot);
        while (!batch.IsFull)
        {
            if (!MoveNext())
                return false;
            Append(batch, row, _cursor!.Document);
        }
        return true;
    }

    /// <summary>Looks at what the entries keep of vectors, all of them, before it reads the first document.</summary>
    private bool FillNearestFirst(RowBatch batch, Span<Value> row, int reachedSlot)
    {
        _nearest ??= RankEntries();
        while (!batch.IsFull)
        {
            if (!_nearest.MoveNext())
                return false;
            _source = _nearest.Source;
            // One that was removed since the entries were looked at, by the query itself.
            if (Context.Reader.TryGetDocument(_collections[_source], _nearest.Key, out var document) && Append(batch, row, document))
                batch[batch.Count - 1][reachedSlot] = Value.FromDouble(IsDistance ? _nearest.Order : -_nearest.Order);
        }
        return true;
    }

    private NearestEntries RankEntries()
    {
        var entries = _nearest = new NearestEntries(Context);
        var bounds = new VectorBound?[_indexes.Length];
        while (MoveNext())
        {
            var bound = (bounds[_source] ??= new VectorBound(_indexes[_source].Settings, _target)).Of(_cursor!.Covered);
            entries.Add(_source, _cursor.DocumentKey, IsDistance ? bound : -bound);
        }
        return entries;
    }

    /// <summary>Moves to the next entry of the lists.</summary>
    private bool MoveNext()
    {
        while (true)
        {
            if (_cursor is null)
            {
                if (!_lists.TryDequeue(out var next))
                    return false;
                _source = next.Source;
                _cursor = Context.Reader.ScanIndex(_collections[_source], node.Sources[_source].Index, new IndexRange([Value.FromInteger(next.List)]));
                Context.Statistics.CursorsCreated++;
            }
            if (_cursor.MoveNext())
                break;
            _cursor.Dispose();
            _cursor = null;
        }
        if (++_steps % StepsBetweenChecks == 0)
            Context.ThrowIfStopped();
        Context.Statistics.ScannedIndex++;
        return true;
    }

    /// <returns>Whether the document has a vector that the index takes, as all have that are in it.</returns>
    private bool Append(RowBatch batch, Span<Value> row, Value document)
    {
        Context.Statistics.DocumentLookups++;
        if (!_indexes[_source].TryRead(document, _vector))
            return false;
        var appended = batch.Append(row);
        appended[_slot] = document;
        appended[_scoreSlot] = Value.FromDouble(VectorFunctions.Measure(node.Index.Vector!.Metric, _target, _vector));
        return true;
    }

    private bool IsDistance => node.Index.Vector!.Metric == VectorSettings.Euclidean;

    protected override void CloseSource()
    {
        _cursor?.Dispose();
        _cursor = null;
        _lists.Clear();
        if (_nearest is null)
            return;
        Context.ReleaseMemory(_nearest.ReservedBytes);
        _nearest = null;
    }

    private int ReadProbes(Span<Value> row, VectorSettings settings)
    {
        if (node.Options is null)
            return settings.Probes;
        var options = node.Options.Evaluate(Context, row);
        var probes = options.IsObject ? options.GetAttribute("nProbe"u8) : default;
        if (options.IsObject && probes.IsNull)
            return settings.Probes;
        return probes.IsInteger && probes.Integer is >= 1 and <= int.MaxValue
            ? (int)probes.Integer
            : throw ErrorCodes.FunctionArgumentTypeMismatch.With("the options of a vector search must be an object such as {nProbe: 10}, with a number from 1");
    }
}
