namespace GeoFabric.Database.Layout;

/// <summary>Which regions an operation goes to. Persisted: append only.</summary>
public enum ChangeScope : byte
{
    /// <summary>All regions of the fabric.</summary>
    All = 0,

    /// <summary>None: the collection belongs to this region alone.</summary>
    Local = 1,
}
