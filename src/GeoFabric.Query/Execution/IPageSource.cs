namespace GeoFabric.Query.Execution;

/// <summary>The pages of a cursor, one after the other. Used by one thread at a time, except where it says otherwise.</summary>
internal interface IPageSource : IDisposable
{
    /// <summary>Bytes it holds, of those all cursors together may hold.</summary>
    long Bytes { get; }

    /// <summary>Whether it holds more than finished pages, so that it must not live longer than its cursor, and is not wanted any more. Thread-safe.</summary>
    bool IsOver { get; }

    /// <summary>The next page, and whether there is another one behind it.</summary>
    (QueryPage Page, bool HasMore) Next(CancellationToken cancellationToken);

    /// <summary>Makes a page that is being read end soon. Thread-safe.</summary>
    void Kill();
}
