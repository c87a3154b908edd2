using GeoFabric.Database;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Indexes;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Builtins;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Physical.Operators;

/// <summary>Documents of the lists of a vector index that are nearest to a vector, list by list, with how near each is.</summary>
internal sealed class VectorScanOperator(QueryContext context, PhysicalOperator input, VectorIndexNode node) : FanOutOperator(context, input)
{
    private const int StepsBetweenChecks = 256;

    private readonly VectorLists _lists = new(node.Index);
    private readonly double[] _target = new double[node.Index.Vector!.Dimension];
    private readonly double[] _vector = new double[node.Index.Vector!.Dimension];
    private readonly int _slot = node.Variable.Slot;
    private readonly int _scoreSlot = node.Score.Slot;
    private CollectionDefinition? _collection;
    private int[] _probed = [];
    private int _next;
    private int _steps;
    private IDocumentCursor? _cursor;

    protected override void OpenSource(Span<Value> row)
    {
        _collection = Context.Reader.Catalog.GetCollection(node.Collection.Name);
        var target = node.Target.Evaluate(Context, row);
        if (!_lists.TryReadVector(target, _target))
        {
            throw ErrorCodes.FunctionArgumentTypeMismatch.With(
                $"the vector to be near to must have {_target.Length} numbers{(_lists.Settings.Metric == VectorSettings.Cosine ? ", not all of them 0" : "")}, as those of index '{node.Index.Name}' have");
        }
        _probed = _lists.Rank(_target, ReadProbes(row));
        _next = 0;
    }

    protected override bool Fill(RowBatch batch, Span<Value> row)
    {
        while (!batch.IsFull)
        {
            if (_cursor is null)
            {
                if (_next == _probed.Length)
                    return false;
                _cursor = Context.Reader.ScanIndex(_collection!, node.Index, new IndexRange([Value.FromInteger(_probed[_next++])]));
            }
            if (!_cursor.MoveNext())
            {
                _cursor.Dispose();
                _cursor = null;
                continue;
            }
            if (++_steps % StepsBetweenChecks == 0)
                Context.ThrowIfStopped();
            Context.Statistics.ScannedIndex++;
            var document = _cursor.Document;
            if (!_lists.TryRead(document, _vector))
                continue;
            var appended = batch.Append(row);
            appended[_slot] = document;
            appended[_scoreSlot] = Value.FromDouble(Measure());
        }
        return true;
    }

    protected override void CloseSource()
    {
        _cursor?.Dispose();
        _cursor = null;
        _next = _probed.Length;
    }

    private double Measure()
    {
        double result;
        switch (_lists.Settings.Metric)
        {
            case VectorSettings.Cosine:
                VectorFunctions.TryCosine(_target, _vector, out result);
                break;
            case VectorSettings.Euclidean:
                VectorFunctions.TryL2(_target, _vector, out result);
                break;
            default:
                VectorFunctions.TryDot(_target, _vector, out result);
                break;
        }
        return result;
    }

    private int ReadProbes(Span<Value> row)
    {
        if (node.Options is null)
            return _lists.Settings.Probes;
        var options = node.Options.Evaluate(Context, row);
        var probes = options.IsObject ? options.GetAttribute("nProbe"u8) : default;
        if (options.IsObject && probes.IsNull)
            return _lists.Settings.Probes;
        return probes.IsInteger && probes.Integer is >= 1 and <= int.MaxValue
            ? (int)probes.Integer
            : throw ErrorCodes.FunctionArgumentTypeMismatch.With("the options of a vector search must be an object such as {nProbe: 10}, with a number from 1");
    }
}
