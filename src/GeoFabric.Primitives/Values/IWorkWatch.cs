namespace GeoFabric.Primitives.Values;

/// <summary>What the work of a thread may cost.</summary>
public interface IWorkWatch
{
    /// <summary>Throws when the work is to end.</summary>
    void ThrowIfStopped();

    /// <summary>Throws when so many bytes more are not to be had. Takes nothing.</summary>
    void DemandMemory(long bytes);
}
