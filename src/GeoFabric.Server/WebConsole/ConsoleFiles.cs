using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text;
using Microsoft.AspNetCore.StaticFiles;

namespace GeoFabric.Server.WebConsole;

/// <summary>The files of the console that the build put into the program; without a console there is a page that says how to get it.</summary>
internal sealed class ConsoleFiles
{
    /// <summary>Stands in the page where the nonce of each answer goes.</summary>
    public const string NoncePlaceholder = "__NONCE__";

    private const string ResourcePrefix = "console/";
    private const string CompressedSuffix = ".br";
    private const string IndexName = "index.html";

    private readonly FrozenDictionary<string, ConsoleFile> _files;

    /// <param name="files">By path; <c>index.html</c> is the page.</param>
    public ConsoleFiles(IReadOnlyDictionary<string, ConsoleFile> files)
    {
        _files = files.ToFrozenDictionary(StringComparer.Ordinal);
        Index = Encoding.UTF8.GetString(files[IndexName].Decompress());
    }

    public static ConsoleFiles Embedded { get; } = Load(typeof(ConsoleFiles).Assembly);

    /// <summary>The page, with placeholders for the nonce.</summary>
    public string Index { get; }

    /// <param name="path">Relative to the console, with slashes, as in <c>assets/index-1a2b.js</c>.</param>
    public bool TryGet(string path, [NotNullWhen(true)] out ConsoleFile? file) => _files.TryGetValue(path, out file) && path != IndexName;

    private static ConsoleFiles Load(Assembly assembly)
    {
        var types = new FileExtensionContentTypeProvider();
        var files = new Dictionary<string, ConsoleFile>(StringComparer.Ordinal);
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal)))
        {
            // Built on Windows the names have its separators.
            var path = resource[ResourcePrefix.Length..].Replace('\\', '/');
            var isCompressed = path.EndsWith(CompressedSuffix, StringComparison.Ordinal);
            if (isCompressed)
                path = path[..^CompressedSuffix.Length];
            using var source = assembly.GetManifestResourceStream(resource)!; // It is in the list of names.
            using var bytes = new MemoryStream();
            source.CopyTo(bytes);
            var type = types.TryGetContentType(path, out var known) ? known : "application/octet-stream";
            files[path] = new ConsoleFile(type.StartsWith("text/", StringComparison.Ordinal) ? type + "; charset=utf-8" : type, bytes.ToArray(), isCompressed);
        }
        return new ConsoleFiles(files);
    }
}
