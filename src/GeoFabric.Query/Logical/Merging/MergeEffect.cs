namespace GeoFabric.Query.Logical.Merging;

/// <summary>How one attribute of a modification meets concurrent changes of it in other regions, for plans shown to people.</summary>
/// <param name="Operation">Name of the operation that is replicated: inc, ins, rem, mov, sadd, srem, max, min, or set, assign, unset.</param>
/// <param name="IsItem">The operation is on an item of the array at the path.</param>
public sealed record MergeEffect(string Operation, MergePath Path, bool IsItem = false)
{
    public const string Set = "set";
    public const string Assign = "assign";
    public const string Unset = "unset";

    /// <summary>Whether the new value takes the place of the old one, which needs no mention by itself.</summary>
    public bool IsAssignment => !IsItem && Operation is (Set or Assign);

    public string PathText => Path + (IsItem ? "[*]" : "");

    public override string ToString() => $"{Operation}({PathText})";
}
