using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using GeoFabric.Primitives.Errors;
using GeoFabric.Server.Options;

namespace GeoFabric.Server.Authentication;

/// <summary>
/// PBKDF2-HMAC-SHA512 with 16 bytes of salt, stored as <c>pbkdf2-sha512$rounds$salt$hash</c>. One hash costs about 0.2 to 0.7 s of a core, so at most
/// <see cref="LanesMax"/> run at a time: otherwise a few dozen logins a second would stop the server.
/// </summary>
internal sealed class PasswordHasher(LoginOptions options) : IDisposable
{
    private const int LanesMax = 2;
    private const int WaitingMax = 64;
    private const int PasswordLengthMax = 1024;
    private const string Scheme = "pbkdf2-sha512";

    private readonly SemaphoreSlim _lanes = new(LanesMax);

    // What a login with an unknown name is checked against, so that it takes as long as any other.
    private readonly string _nobody = Format(new byte[16], new byte[64], options.PasswordRounds);

    private int _waiting;

    public async Task<string> HashAsync(string password, CancellationToken cancellationToken)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        return Format(salt, await DeriveAsync(password, salt, options.PasswordRounds, cancellationToken), options.PasswordRounds);
    }

    /// <param name="stored">The user's hash; null for a user that does not exist.</param>
    public async Task<bool> VerifyAsync(string password, string? stored, CancellationToken cancellationToken)
    {
        var parts = (stored ?? _nobody).Split('$');
        var hash = await DeriveAsync(password, Convert.FromBase64String(parts[2]), int.Parse(parts[1], CultureInfo.InvariantCulture), cancellationToken);
        return CryptographicOperations.FixedTimeEquals(hash, Convert.FromBase64String(parts[3])) && stored is not null;
    }

    /// <summary>Whether the hash was made with fewer rounds than are used now, so it should be made anew at the next login.</summary>
    public bool IsOutdated(string stored) => int.Parse(stored.Split('$')[1], CultureInfo.InvariantCulture) < options.PasswordRounds;

    public void Dispose() => _lanes.Dispose();

    private static string Format(byte[] salt, byte[] hash, int rounds) =>
        string.Create(CultureInfo.InvariantCulture, $"{Scheme}${rounds}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}");

    private async Task<byte[]> DeriveAsync(string password, byte[] salt, int rounds, CancellationToken cancellationToken)
    {
        if (password.Length > PasswordLengthMax)
            throw ErrorCodes.BadParameter.With($"the password is longer than {PasswordLengthMax} characters");
        if (Interlocked.Increment(ref _waiting) > WaitingMax)
        {
            Interlocked.Decrement(ref _waiting);
            throw ErrorCodes.TooManyRequests.With("too many logins are under way; try again in a few seconds");
        }
        try
        {
            await _lanes.WaitAsync(cancellationToken);
            try
            {
                return await Task.Run(() => Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, rounds, HashAlgorithmName.SHA512, 64), cancellationToken);
            }
            finally
            {
                _lanes.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
