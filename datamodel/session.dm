# SPDX-License-Identifier: GPL-2.0-or-later

class session
  doc A client that has logged in; its reference is the secret each call carries.
  since rio
  writer pool-admin
  flags volatile no-events no-get-all no-async

field uuid dynamic string
  doc Lasting, unique name of the session.

field this_host dynamic ref(host)
  doc Host it logged in to.

field this_user dynamic ref(user)
  doc Unused; users come from a directory.

field last_active dynamic datetime
  doc When it last made a call, to within ten minutes.

field pool dynamic bool
  doc Whether it is a session between hosts.

field other_config rw map(string,string) = {}
  doc Free keys that tools keep with the session.
  since miami

field is_local_superuser dynamic bool = false
  doc Whether it has all rights, as root has.
  since george

field subject dynamic ref(subject) = "OpaqueRef:NULL"
  doc Record of the directory user or group its rights come from.
  since george

field validation_time dynamic datetime = "19700101T00:00:00Z"
  doc When the directory was last asked whether the user still exists.
  since george

field auth_user_sid dynamic string = ""
  doc Identifier of the user in the directory.
  since george

field auth_user_name dynamic string = ""
  doc Name of the user.
  since midnight-ride

field rbac_permissions static set(string) = []
  doc Names of all calls it may make.
  since midnight-ride

field tasks dynamic set(ref(task))
  doc Tasks it has made.
  since midnight-ride
  from task.session

field parent static ref(session) = "OpaqueRef:NULL"
  doc Session it was made with.
  since midnight-ride

field originator dynamic string = ""
  doc What the client calls itself.
  since clearwater

field client_certificate dynamic bool = false
  doc Whether it logged in with a certificate.
  since 21.2.0

message login_with_password
  doc Checks name and password and makes a session.
  role read-only
  flags sync no-session secret
  param uname string
  param pwd string
  param version string = "1.1"
  param originator string = ""
  result ref(session)
  errors SESSION_AUTHENTICATION_FAILED HOST_IS_SLAVE

message logout
  doc Ends this session.
  role read-only
  flags sync

message change_password
  doc Changes the password of the local user.
  role local-root
  flags sync
  param old_pwd string
  param new_pwd string

message slave_login
  doc Makes a session between hosts with the pool secret.
  role pool-admin
  flags sync no-session hidden secret
  param host ref(host)
  param psecret secret_string
  result ref(session)

message slave_local_login
  doc Makes a session that only this host knows, with the pool secret; for emergencies.
  since miami
  role pool-admin
  flags sync no-session hidden secret emergency
  param psecret secret_string
  result ref(session)

message slave_local_login_with_password
  doc Makes a session that only this host knows, with a password; for emergencies.
  since miami
  role pool-admin
  flags sync no-session secret emergency
  param uname string
  param pwd string
  result ref(session)

message create_from_db_file
  doc Makes a session that reads a saved database.
  since dundee
  role local-root
  param filename string
  result ref(session)

message local_logout
  doc Ends a session that only this host knows.
  since miami
  role pool-admin
  flags sync emergency

message get_all_subject_identifiers
  doc Identifiers of all directory users who are logged in.
  since george
  role read-only
  flags query
  result set(string)

message logout_subject_identifier
  doc Ends all sessions of a directory user.
  since george
  role pool-operator
  param subject_identifier string
