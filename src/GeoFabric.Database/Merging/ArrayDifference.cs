using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Merging;

/// <summary>One step from an array to another: elements removed at a position, or inserted before it.</summary>
internal readonly record struct ArrayEdit(int Position, int Removed, IReadOnlyList<Value> Inserted);

/// <summary>The steps from one array to another that leave as many elements as possible alone: longest common subsequence by dynamic programming.</summary>
internal static class ArrayDifference
{
    /// <summary>Beyond this many comparisons the array is assigned as a whole.</summary>
    private const int ComparisonsMax = 1 << 20;

    public static bool IsWorthIt(Value from, Value to) => (long)from.Items.Count * to.Items.Count <= ComparisonsMax && from.Items.Count > 0;

    /// <summary>Steps to be done one after the other; positions are those of the array as the steps before have left it.</summary>
    public static List<ArrayEdit> Of(Value from, Value to)
    {
        int fromCount = from.Items.Count, toCount = to.Items.Count;
        var common = new int[fromCount + 1, toCount + 1];
        for (var i = fromCount - 1; i >= 0; i--)
        {
            for (var j = toCount - 1; j >= 0; j--)
                common[i, j] = from.Items[i] == to.Items[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
        }
        var edits = new List<ArrayEdit>();
        int old = 0, wanted = 0;
        while (old < fromCount || wanted < toCount)
        {
            if (old < fromCount && wanted < toCount && from.Items[old] == to.Items[wanted])
            {
                old++;
                wanted++;
                continue;
            }
            var removed = 0;
            while (old < fromCount && (wanted == toCount || common[old + 1, wanted] >= common[old, wanted]) && !(wanted < toCount && from.Items[old] == to.Items[wanted]))
            {
                old++;
                removed++;
            }
            if (removed > 0)
                edits.Add(new ArrayEdit(wanted, removed, []));
            var inserted = new List<Value>();
            while (wanted < toCount && (old == fromCount || from.Items[old] != to.Items[wanted]) && (old == fromCount || common[old, wanted + 1] >= common[old, wanted]))
                inserted.Add(to.Items[wanted++]);
            if (inserted.Count > 0)
                edits.Add(new ArrayEdit(wanted - inserted.Count, 0, inserted));
        }
        return edits;
    }
}
