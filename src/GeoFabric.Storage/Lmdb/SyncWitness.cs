using Microsoft.Win32.SafeHandles;

namespace GeoFabric.Storage.Lmdb;

/// <summary>
/// A second handle on the data file, which tells a commit whose sync failed from one that a full disk cut short: the library calls both an
/// input/output error.
/// </summary>
/// <remarks>
/// Linux tells each open handle once of pages it could not write back since that handle asked last (errseq_t, Linux 4.13), so what the library's own
/// handle has been told this one still learns.
/// </remarks>
internal sealed class SyncWitness(string directoryPath, Func<bool>? fault) : IDisposable
{
    private readonly SafeFileHandle _file = File.OpenHandle(
        Path.Combine(directoryPath, LmdbDirectory.DataFileName), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);

    /// <summary>Whether the disk has lost pages of the file that the system had taken.</summary>
    public bool HasLostPages()
    {
        try
        {
            RandomAccess.FlushToDisk(_file);
            return fault?.Invoke() ?? false;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    public void Dispose() => _file.Dispose();
}
