using GeoFabric.Database;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Geo;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Builtins.Geo;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Physical.Operators;

/// <summary>Documents around a shape through a geo index, or all when the index cannot tell which are needed.</summary>
internal sealed class GeoScanOperator(QueryContext context, PhysicalOperator input, GeoIndexNode node) : FanOutOperator(context, input)
{
    /// <summary>Entries to look for at first, however many are wanted.</summary>
    private const long FirstEntriesMax = 1000;

    private readonly int _slot = node.Variable.Slot;
    private IDocumentCursor? _all;
    private GeoIndexWalk? _walk;
    private GeoCap _cap;
    private double _angleMax;
    private Value _reached;

    protected override void OpenSource(Span<Value> row)
    {
        var collection = Context.Reader.Catalog.GetCollection(node.Collection.Name);
        _reached = default;
        if (!TryFindCap(row))
        {
            _all = Context.Reader.ScanCollection(collection);
            return;
        }
        _walk = new GeoIndexWalk(Context, collection, node.Index);
        if (node.Reached is not null)
            _cap = _cap with { Angle = Math.Min(_angleMax, _walk.AngleFor(_cap.Centre, EntriesWanted())) };
        _walk.Start(_cap, includesUnplaced: true);
    }

    protected override bool Fill(RowBatch batch, Span<Value> row)
    {
        while (!batch.IsFull)
        {
            if (_all is not null)
            {
                if (!_all.MoveNext())
                    return false;
                Append(batch, row, _all.Document);
                Context.Statistics.ScannedFull++;
            }
            else if (MoveWalk())
            {
                Append(batch, row, _walk!.Document);
                Context.Statistics.ScannedIndex++;
                Context.Statistics.DocumentLookups++;
            }
            else if (_cap.Angle >= _angleMax)
            {
                return false;
            }
            else
            {
                _reached = Value.FromDouble(_cap.Angle * GeoIndexWalk.MetresPerRadianMin);
                _cap = _cap with { Angle = Math.Min(_angleMax, 2 * _cap.Angle) };
                _walk!.Grow(_cap);
            }
        }
        return true;
    }

    private bool MoveWalk()
    {
        var opened = _walk!.CursorsOpened;
        var hasMoved = _walk.MoveNext();
        Context.Statistics.CursorsCreated += _walk.CursorsOpened - opened;
        return hasMoved;
    }

    protected override void CloseSource()
    {
        _all?.Dispose();
        _all = null;
        if (_walk is null)
            return;
        Context.ReleaseMemory(_walk.ReservedBytes);
        _walk.Dispose();
        _walk = null;
    }

    private void Append(RowBatch batch, Span<Value> row, Value document)
    {
        var target = batch.Append(row);
        target[_slot] = document;
        if (node.Reached is not null)
            target[node.Reached.Slot] = _reached;
    }

    private long EntriesWanted() => node.Limit is null ? 1 : Math.Clamp(SortOperator.RowsNeeded(node.Limit, Context), 1, FirstEntriesMax);

    /// <summary>Whatever warns or fails here belongs to the conditions behind, which come by it for each document: so all of them are read.</summary>
    private bool TryFindCap(Span<Value> row)
    {
        var isFound = false;
        var isQuiet = false;
        Context.BeginTry();
        try
        {
            isFound = !node.Probe.Evaluate(Context, row).IsNull && TryReadCap(row);
        }
        catch (GeoFabricException error) when (error.Code != ErrorCodes.QueryKilled && error.Code != ErrorCodes.ResourceLimit)
        {
            return false;
        }
        finally
        {
            isQuiet = Context.EndTry();
        }
        return isFound && isQuiet;
    }

    private bool TryReadCap(Span<Value> row)
    {
        if (!GeoShapeReader.TryRead(node.Target.Evaluate(Context, row), out var shape))
            return false;
        if (node.Radius is null && node.Reached is null)
        {
            _cap = GeoCap.Around(shape);
            _angleMax = _cap.Angle;
            return !_cap.IsLarge;
        }
        _angleMax = Math.PI;
        if (node.Radius is not null)
        {
            var radius = node.Radius.Evaluate(Context, row);
            // Distances are smaller than a string, and greater than null.
            if (!radius.IsNumber)
                return false;
            _angleMax = (Math.Max(0, radius.Number) / GeoIndexWalk.MetresPerRadianMin) + GeoCap.Tolerance;
        }
        _cap = new GeoCap(shape.Centroid, _angleMax);
        return node.Reached is not null || !_cap.IsLarge;
    }
}
